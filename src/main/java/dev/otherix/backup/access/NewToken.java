package dev.otherix.backup.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A new token. @param text the token itself; it is stored nowhere else
 *
 * @param entry its entry for the tokens file, in YAML
 */
public record NewToken(String text, String entry) {

    /** Makes a token that cannot be guessed. */
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
