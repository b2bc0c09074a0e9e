package dev.otherix.backup.access;

import dev.otherix.backup.config.InvalidSetting;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that the first start made. It stays valid next to those in a tokens file until its file is removed, so that
 * the commands on this host keep working. This holds only for a token made by the service: a token that a person wrote
 * there is accepted only if the tokens file has it, with the scope given there.
 */
final class FirstToken {

    static final String NAME = "admin";

    private static final Logger LOG = LoggerFactory.getLogger(FirstToken.class);

    private final Path file;
    private volatile String reported = "";

    FirstToken(Path file) {
        this.file = file;
    }

    static Token of(String text) {
        return new Token(NAME, Scope.ADMIN, TokenText.sha256(text), null);
    }

    /** All of {@code tokens}, and the first token if it is valid. */
    List<Token> beside(List<Token> tokens) {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return tokens;
        }
        try {
            var text = TokenFile.read(file);
            if (!TokenText.isFirst(text) || tokens.stream().anyMatch(token -> token.hashesTo(TokenText.sha256(text)))) {
                return tokens;
            }
            var all = new ArrayList<>(tokens);
            all.add(of(text));
            return List.copyOf(all);
        } catch (InvalidSetting unusable) {
            report(unusable.getMessage() + ". " + unusable.fix());
            return tokens;
        }
    }

    private void report(String problem) {
        if (!problem.equals(reported)) {
            LOG.warn("the first token is not accepted: {}", problem);
        }
        reported = problem;
    }
}
