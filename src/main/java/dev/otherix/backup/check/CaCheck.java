package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Verification.Outcome;
import dev.otherix.backup.verify.ActiveCa;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Compares the active cluster CA in a snapshot with the one on disk. If they differ, a restore of the snapshot needs
 * the CA that was active then; the snapshot is still good.
 */
public final class CaCheck {

    private final Path certFile;

    public CaCheck(ClusterCaProperties settings) {
        this.certFile = settings.certFile();
    }

    Comparison check(ActiveCa inSnapshot) {
        List<String> onDisk;
        try {
            onDisk = fingerprints();
        } catch (NoSuchFileException missing) {
            return Comparison.skipped(
                    "the file of cluster_ca.cert_file does not exist, so there is nothing to compare with");
        } catch (AccessDeniedException closed) {
            return Comparison.inconclusive("this service's user may not read the file of cluster_ca.cert_file");
        } catch (IOException | GeneralSecurityException unusable) {
            return Comparison.inconclusive(
                    "the file of cluster_ca.cert_file cannot be read as a certificate: " + reason(unusable));
        }
        var remark = inSnapshot.remark() == null ? "" : " (" + inSnapshot.remark() + ")";
        if (inSnapshot.fingerprint() == null) {
            return Comparison.inconclusive("the snapshot holds no active cluster CA that could be compared" + remark
                    + "; cluster_ca.cert_file is " + onDisk.getFirst());
        }
        if (onDisk.contains(inSnapshot.fingerprint())) {
            return new Comparison(Outcome.PASSED, inSnapshot.remark());
        }
        return Comparison.failed("the snapshot's active cluster CA is " + inSnapshot.fingerprint() + remark
                + ", and cluster_ca.cert_file is " + onDisk.getFirst() + ": one of them was replaced");
    }

    /** Without the path: a record may be read on another host. */
    private static String reason(Exception unusable) {
        return unusable instanceof IOException unread
                ? DirectoryFailure.words(unread)
                : String.valueOf(unusable.getMessage());
    }

    private List<String> fingerprints() throws IOException, GeneralSecurityException {
        try (var file = Files.newInputStream(certFile)) {
            var fingerprints = new ArrayList<String>();
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
                var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                fingerprints.add("sha256:" + HexFormat.of().formatHex(digest));
            }
            if (fingerprints.isEmpty()) {
                throw new IOException("it holds none");
            }
            return fingerprints;
        }
    }
}
