package dev.otherix.backup.access;

import dev.otherix.backup.config.PemText;
import dev.otherix.backup.config.PrivateFile;
import dev.otherix.backup.config.UnusablePem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;

/**
 * The certificate that the API serves now, in a file beside {@code api.token_file}: {@code api.tls.cert_file} may
 * already hold another one, which is not served yet or cannot be used.
 */
public final class ServedCertificate {

    private static final String NAME = "api-certificate.pem";

    private final Path file;

    /** @param tokenFile the file of {@code api.token_file} */
    public ServedCertificate(Path tokenFile) {
        this.file = tokenFile.toAbsolutePath().resolveSibling(NAME);
    }

    /**
     * The last recorded certificate; empty if there is none, or if a user other than the directory's owner may have
     * written it.
     */
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

    /** @throws IOException if it cannot be written */
    void note(X509Certificate certificate) throws IOException {
        PrivateFile.write(file, pem(certificate));
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
