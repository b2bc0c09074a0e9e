package dev.otherix.backup.restore;

import dev.otherix.backup.config.PemText;
import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.config.UnusablePem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The cluster CA on this machine's disk, compared with that of a snapshot.
 *
 * @param same whether the file has a certificate with that fingerprint
 * @param detail what is there, as the rest of a sentence that begins with the path
 */
public record DiskCa(boolean same, String detail) {

    private static final int LARGEST = 1 << 20;

    /** @param fingerprint {@code sha256:<hex>} */
    public static DiskCa compare(Path certificate, String fingerprint) {
        var closed = UnreadableFile.of(certificate);
        if (closed.isPresent()) {
            return new DiskCa(false, closed.get().problem());
        }
        try (var file = Files.newInputStream(certificate)) {
            var first = "";
            for (var found : new PemText(file.readNBytes(LARGEST)).certificates()) {
                var digest = MessageDigest.getInstance("SHA-256").digest(found.getEncoded());
                var here = "sha256:" + HexFormat.of().formatHex(digest);
                if (here.equals(fingerprint)) {
                    return new DiskCa(true, "is the same");
                }
                first = first.isEmpty() ? here : first;
            }
            return new DiskCa(false, "is another one, " + first);
        } catch (IOException | GeneralSecurityException | UnusablePem unusable) {
            return new DiskCa(false, "cannot be read as a certificate");
        }
    }
}
