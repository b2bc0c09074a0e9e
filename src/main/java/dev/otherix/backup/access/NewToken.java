package dev.otherix.backup.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that was made just now.
 *
 * @param text what its user presents; it is in nothing else
 * @param entry its entry for the tokens file, in YAML
 */
public record NewToken(String text, String entry) {

    /** Makes one that nobody can guess. */
    public static NewToken make(String name, Scope scope, @Nullable Instant expiresAt) {
        var text = TokenText.random();
        return new NewToken(
                text,
                "  - name: " + name + "\n    scope: " + scope.word() + "\n    sha256: " + TokenText.sha256(text) + "\n"
                        + (expiresAt == null ? "" : "    expires_at: " + expiresAt + "\n"));
    }

    /** Whether a token may have this name. */
    public static boolean isName(String text) {
        return TokensFile.isName(text);
    }
}
