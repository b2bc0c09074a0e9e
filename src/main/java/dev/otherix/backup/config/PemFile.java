package dev.otherix.backup.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A file with certificates or a key that a setting names.
 *
 * @param key the setting
 */
public record PemFile(String key, Path file) {

    private static final int LARGEST = 1 << 20;

    /**
     * Its certificates, at least one.
     *
     * @throws InvalidSetting if it cannot be read, or has the wrong content
     */
    public List<X509Certificate> certificates() {
        try {
            return text().certificates();
        } catch (UnusablePem unusable) {
            throw refused(unusable, "Name a file with certificates in PEM form.");
        }
    }

    /**
     * Its private key.
     *
     * @throws InvalidSetting if it cannot be read, or has the wrong content
     */
    public PrivateKey privateKey() {
        try {
            return text().privateKey();
        } catch (UnusablePem unusable) {
            throw refused(unusable, "Name a file with a private key in PEM form, not encrypted.");
        }
    }

    /**
     * Its bytes as they are now.
     *
     * @throws InvalidSetting if they cannot be read, or are more than 1 MiB
     */
    public byte[] bytes() {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new InvalidSetting(key, file, "is larger than 1 MiB", "Name the right file.");
            }
            return bytes;
        } catch (IOException broken) {
            throw new InvalidSetting(key, file, UnreadableFile.of(file, broken));
        }
    }

    private PemText text() {
        return new PemText(bytes());
    }

    private InvalidSetting refused(UnusablePem unusable, String fix) {
        return new InvalidSetting(
                key,
                file,
                unusable.problem(),
                unusable.command(file).map(command -> fix + " Run " + command).orElse(fix));
    }
}
