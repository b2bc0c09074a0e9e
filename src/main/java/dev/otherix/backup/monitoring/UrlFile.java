package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.PemFile;
import dev.otherix.backup.config.SecretFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file with the URL to call after a success in its first line and, if there is a second line, the one to call after a
 * failure there.
 *
 * @param key the setting that names it
 */
record UrlFile(String key, Path file) {

    /** @throws InvalidSetting if the file cannot be used */
    URI afterSuccess() {
        return urls().getFirst();
    }

    /** @throws InvalidSetting if the file cannot be used */
    Optional<URI> afterFailure() {
        return urls().stream().skip(1).findFirst();
    }

    private List<URI> urls() {
        SecretFile.check(key, file);
        var text = new String(new PemFile(key, file).bytes(), StandardCharsets.UTF_8).strip();
        if (text.isEmpty() || text.lines().count() > 2) {
            throw new InvalidSetting(
                    key,
                    file,
                    "does not hold one or two lines",
                    "Write the URL into it, in a second line the one for failures if you want one, and nothing else.");
        }
        return text.lines().map(line -> SecretUrl.parse(key, line)).toList();
    }
}
