package dev.otherix.backup.restore;

import dev.otherix.backup.config.KeyOwner;
import dev.otherix.backup.config.PemText;
import dev.otherix.backup.config.UnusablePem;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.verify.CaPair;
import dev.otherix.backup.verify.SnapshotProof;
import java.util.function.Supplier;

/** The cluster CA that is active in a snapshot, as otherix needs it on disk: a certificate and its private key. */
public final class ClusterCa {

    private ClusterCa() {}

    /**
     * Reads it; the caller closes it.
     *
     * @param file the snapshot, for messages
     * @throws Refused if the snapshot has no pair, or none that belongs together
     */
    public static CaPair usable(SnapshotProof proof, String file) {
        var pair = proof.caPair().orElseThrow(() -> none(proof, file));
        try {
            var certificate = readable(
                    "certificate",
                    file,
                    () -> new PemText(pair.certificate()).certificates().getFirst());
            var key = readable("private key", file, () -> new PemText(pair.key()).privateKey());
            if (!new KeyOwner(key).owns(certificate.getPublicKey())) {
                throw ofNoUse("its private key is not that of its certificate", file);
            }
            return pair;
        } catch (RuntimeException unusable) {
            pair.close();
            throw unusable;
        }
    }

    private static Refused none(SnapshotProof proof, String file) {
        var remark = proof.activeCa().remark();
        return new Refused(
                file + " has no cluster CA to write: "
                        + (remark == null ? "the row of the active one has no private key" : remark),
                "Is it a snapshot of otherix's etcd? \"otherix-etcd-backup verify " + file + "\" shows what is in it.");
    }

    private static <T> T readable(String what, String file, Supplier<T> part) {
        try {
            return part.get();
        } catch (UnusablePem unusable) {
            throw ofNoUse("the text of its " + what + " " + unusable.problem(), file);
        }
    }

    private static Refused ofNoUse(String problem, String file) {
        return new Refused("the cluster CA in " + file + " cannot be used: " + problem, "Take another snapshot.");
    }
}
