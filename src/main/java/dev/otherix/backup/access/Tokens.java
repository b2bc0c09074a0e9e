package dev.otherix.backup.access;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.UnusableConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The accepted tokens. Checks their file every second and applies a valid change. If the file is wrong, unreadable or
 * gone, it keeps the last good tokens and reports that. Knows only their hashes.
 */
public final class Tokens {

    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final String STAMP = "unix:ctime,lastModifiedTime,size,ino,mode,uid";
    private static final long SETTLED_MILLIS = 1000;

    private final List<Path> files;
    private final Supplier<List<Token>> reader;
    private final Clock clock;
    private volatile List<Token> known;
    private volatile @Nullable String problem;
    private @Nullable Object stamp;
    private final FileLook looks;

    /** @param files the files that {@code reader} reads, starting with the one that operators write */
    private Tokens(List<Path> files, Supplier<List<Token>> reader, Clock clock) {
        this.files = files;
        this.reader = reader;
        this.clock = clock;
        this.stamp = stamps();
        this.known = reader.get();
        this.looks = new FileLook(
                files.stream().map(Path::toString).collect(Collectors.joining(" or ")),
                "the last good tokens stay valid",
                this::look);
    }

    /**
     * Reads the tokens, or makes the first one.
     *
     * @throws InvalidSetting if they cannot be read or made
     * @throws UnusableConfigFile if their file is not YAML
     */
    static Tokens open(AccessProperties settings, Clock clock) {
        var tokenFile = settings.tokenFile();
        var tokensFile = settings.tokensFile();
        if (tokensFile != null) {
            var first = new FirstToken(tokenFile);
            var tokens =
                    new Tokens(List.of(tokensFile, tokenFile), () -> first.beside(TokensFile.read(tokensFile)), clock);
            LOG.info(
                    "tokens: {}, from {} and, where the first start made one, {}",
                    tokens.known.size(),
                    tokensFile,
                    tokenFile);
            return tokens;
        }
        var made = TokenFile.makeIfAbsent(tokenFile);
        LOG.info("tokens: one, of scope admin, {} {}", made ? "made now, in" : "in", tokenFile);
        return new Tokens(List.of(tokenFile), () -> List.of(FirstToken.of(TokenFile.read(tokenFile))), clock);
    }

    /** The result of a lookup of a presented token. */
    sealed interface Verdict {

        record Known(Token token) implements Verdict {}

        record Expired(Token token) implements Verdict {}

        record Unknown() implements Verdict {}
    }

    Verdict check(String presented) {
        var sha256 = TokenText.sha256(presented);
        @Nullable Token found = null;
        // compares all of them, so that the time does not show which one matched
        for (var token : known) {
            found = token.hashesTo(sha256) ? token : found;
        }
        if (found == null) {
            return new Verdict.Unknown();
        }
        return found.expired(clock.instant()) ? new Verdict.Expired(found) : new Verdict.Known(found);
    }

    /** How many tokens are accepted now. */
    public int inForce() {
        var now = clock.instant();
        return (int) known.stream().filter(token -> !token.expired(now)).count();
    }

    /** Why the tokens are not those in their file now; empty if they are. */
    public Optional<String> problem() {
        return looks.hangs().or(() -> Optional.ofNullable(problem));
    }

    @Scheduled(fixedDelayString = "PT1S")
    void tick() {
        looks.begin();
    }

    void look() {
        var now = stamps();
        if (now.equals(stamp)) {
            return;
        }
        try {
            var fresh = reader.get();
            var changed = !fresh.equals(known);
            known = fresh;
            if (changed || problem != null) {
                LOG.info("tokens: {}, read again from {}", fresh.size(), files.getFirst());
            }
            problem = null;
        } catch (InvalidSetting | UnusableConfigFile wrong) {
            var found = String.valueOf(wrong.getMessage());
            if (!found.equals(problem)) {
                LOG.warn("the last good tokens stay valid: {}", found);
            }
            problem = found;
        }
        stamp = now;
    }

    private List<Object> stamps() {
        return files.stream().map(Tokens::stamp).toList();
    }

    /**
     * A value that changes whenever the file does. A file that was just changed may change again in the same tick of
     * the file system's clock.
     */
    private static Object stamp(Path file) {
        try {
            var settled = Files.getLastModifiedTime(file).toMillis() + SETTLED_MILLIS < System.currentTimeMillis();
            return settled ? Files.readAttributes(file, STAMP) : new Object();
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
