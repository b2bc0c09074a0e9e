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
 * The token that the first start made. It goes on to count beside those of a tokens file until its file is removed, so
 * that the commands on this host work on. Only the service's own: a token that a person wrote into that place is let in
 * by the tokens file alone, with the scope that stands there.
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

    /** All of {@code tokens}, and the first one where it counts. */
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
            LOG.warn("the first token does not count: {}", problem);
        }
        reported = problem;
    }
}
