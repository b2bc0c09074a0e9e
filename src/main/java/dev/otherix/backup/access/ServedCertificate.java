package dev.otherix.backup.access;

import dev.otherix.backup.config.PemText;
import dev.otherix.backup.config.UnusablePem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * The certificate that the API shows now, in a file beside {@code api.token_file}: what {@code api.tls.cert_file} holds
 * may be another one already, which is not served yet or cannot be.
 */
public final class ServedCertificate {

    private static final String NAME = "api-certificate.pem";

    private final Path file;

    /** @param tokenFile the file of {@code api.token_file} */
    public ServedCertificate(Path tokenFile) {
        this.file = tokenFile.toAbsolutePath().resolveSibling(NAME);
    }

    /** What was noted last; empty where nothing was, or where somebody else than the directory's owner may have. */
    public Optional<X509Certificate> read() {
        try {
            var owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            && owner.equals(Files.getOwner(file.getParent()))
                    ? Optional.of(
                            new PemText(Files.readAllBytes(file)).certificates().getFirst())
                    : Optional.empty();
        } catch (IOException | UnusablePem nothingNoted) {
            return Optional.empty();
        }
    }

    /** @throws IOException where it cannot be written */
    void note(X509Certificate certificate) throws IOException {
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var unfinished = file.resolveSibling("." + NAME + ".tmp");
        Files.deleteIfExists(unfinished);
        try (var out = FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            out.write(ByteBuffer.wrap(pem(certificate).getBytes(StandardCharsets.US_ASCII)));
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    Path file() {
        return file;
    }

    private static String pem(X509Certificate certificate) throws IOException {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException unencodable) {
            throw new IOException("the certificate cannot be encoded", unencodable);
        }
    }
}
