package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Snapshot;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which cluster a snapshot is of. Etcd's ids are made from addresses, so two installations may share them, and each
 * restore makes new ones. So the CA decides.
 *
 * @param caFingerprint of the active CA, {@code sha256:} and hex; null without a CA
 * @param clusterId in lower-case hex; null if it is not known
 */
record ClusterIdentity(
        @Nullable String caFingerprint, @Nullable String clusterId) {

    static ClusterIdentity of(Snapshot snapshot) {
        return new ClusterIdentity(snapshot.checked().caFingerprint(), snapshot.clusterId());
    }

    static ClusterIdentity of(StoredRecord record) {
        var etcd = record.etcd();
        return new ClusterIdentity(record.caFingerprint(), etcd == null ? null : etcd.clusterId());
    }

    /**
     * Whether a snapshot of this cluster may not lie beside copies of {@code stored}. A cluster that had no CA yet may
     * get one; a cluster that has none any more is another one, because nothing else tells it from an empty one.
     */
    boolean isStrangerTo(ClusterIdentity stored) {
        return stored.caFingerprint == null
                ? stored.clusterId != null && clusterId != null && !stored.clusterId.equals(clusterId)
                : !Objects.equals(stored.caFingerprint, caFingerprint);
    }

    /** For messages. */
    @Override
    public String toString() {
        return caFingerprint != null
                ? "with the CA " + caFingerprint
                : "without a CA" + (clusterId == null ? "" : ", cluster id " + clusterId);
    }
}
