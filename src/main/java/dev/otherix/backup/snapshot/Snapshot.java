package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot and all that is recorded about it: the object in the record file beside it, and in the API. Facts that
 * nobody knows are null.
 *
 * @param createdAt the clock's time when the run began to stream; the name may be later (see
 *     {@link SnapshotDirectory#nextName})
 * @param sizeBytes of the whole file, footer included
 * @param sha256 of the whole file, lower-case hex, as sha256sum prints it
 * @param revision the store's revision, read from the file
 * @param compactRevision the store's compact revision, -1 where it was never compacted
 * @param liveKeys distinct keys that are not deleted
 * @param totalEntries entries of all buckets
 * @param hashKv etcd's HashKV at revision and compactRevision
 * @param etcd what the member said, null for a file that this service did not make
 * @param trigger null for a file that this service did not make
 * @param lineage the name of the first snapshot of its lineage
 * @param keptBecause why retention keeps it, as of the last look
 * @param caFingerprint of the active cluster CA in the snapshot, {@code sha256:<hex>}
 */
public record Snapshot(
        SnapshotName name,
        Instant createdAt,
        long sizeBytes,
        @Nullable String sha256,
        @Nullable Long revision,
        @Nullable Long compactRevision,
        @Nullable Long liveKeys,
        @Nullable Long totalEntries,
        @Nullable Long hashKv,
        @Nullable MemberFacts etcd,
        @Nullable Trigger trigger,
        List<SnapshotRequest> requests,
        SnapshotName lineage,
        boolean pinned,
        List<KeptBecause> keptBecause,
        @Nullable String caFingerprint,
        Verification verification) {

    private static final Set<KeptBecause> HELD = EnumSet.of(KeptBecause.LINEAGE, KeptBecause.SHRUNK);

    public Snapshot {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(createdAt, "created_at");
        Objects.requireNonNull(lineage, "lineage");
        Objects.requireNonNull(verification, "verification");
        requests = List.copyOf(requests);
        keptBecause = List.copyOf(keptBecause);
    }

    /** A file of which only its name and size are known. */
    static Snapshot unrecorded(SnapshotName name, long sizeBytes, SnapshotName lineage) {
        return new Snapshot(
                name,
                name.second(),
                sizeBytes,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                lineage,
                false,
                List.of(),
                null,
                Verification.none());
    }

    /** Whether the deciding checks have passed. */
    public boolean verified() {
        return verification.state() == Verification.State.VERIFIED;
    }

    /** Whether it is known to hold every write acknowledged before its run. */
    public boolean linearizable() {
        return etcd != null && etcd.consistency() == Consistency.LINEARIZABLE;
    }

    /** Whether it is known to hold only what the local member had. */
    public boolean local() {
        return etcd != null && etcd.consistency() == Consistency.LOCAL;
    }

    /** Whether only its lineage, or what was lost after it, keeps it: neither its number nor a pin. */
    public boolean held() {
        return !keptBecause.isEmpty() && HELD.containsAll(keptBecause);
    }

    /** The cluster that it is of, where that is known. */
    public @Nullable String clusterId() {
        return etcd == null ? null : etcd.clusterId();
    }

    /** What was read from its file; empty where nobody has. */
    public Optional<Content> content() {
        return revision == null || compactRevision == null || liveKeys == null || totalEntries == null || hashKv == null
                ? Optional.empty()
                : Optional.of(new Content(revision, compactRevision, liveKeys, totalEntries, hashKv, caFingerprint));
    }

    /** The same snapshot, pinned or not. */
    public Snapshot withPinned(boolean pinned) {
        return new Snapshot(
                name,
                createdAt,
                sizeBytes,
                sha256,
                revision,
                compactRevision,
                liveKeys,
                totalEntries,
                hashKv,
                etcd,
                trigger,
                requests,
                lineage,
                pinned,
                keptBecause,
                caFingerprint,
                verification);
    }

    /** The same snapshot, kept for other reasons. */
    public Snapshot withKeptBecause(List<KeptBecause> keptBecause) {
        return new Snapshot(
                name,
                createdAt,
                sizeBytes,
                sha256,
                revision,
                compactRevision,
                liveKeys,
                totalEntries,
                hashKv,
                etcd,
                trigger,
                requests,
                lineage,
                pinned,
                keptBecause,
                caFingerprint,
                verification);
    }

    /** The same snapshot, of another lineage. */
    Snapshot withLineage(SnapshotName lineage) {
        return new Snapshot(
                name,
                createdAt,
                sizeBytes,
                sha256,
                revision,
                compactRevision,
                liveKeys,
                totalEntries,
                hashKv,
                etcd,
                trigger,
                requests,
                lineage,
                pinned,
                keptBecause,
                caFingerprint,
                verification);
    }

    /** The same snapshot, with other objects that equal its own. */
    Snapshot withShared(
            @Nullable MemberFacts etcd,
            SnapshotName lineage,
            @Nullable String caFingerprint,
            Verification verification) {
        return new Snapshot(
                name,
                createdAt,
                sizeBytes,
                sha256,
                revision,
                compactRevision,
                liveKeys,
                totalEntries,
                hashKv,
                etcd,
                trigger,
                requests,
                lineage,
                pinned,
                keptBecause,
                caFingerprint,
                verification);
    }

    /** The same snapshot, of which nobody can say whether its file is good. */
    Snapshot notLookedAt() {
        return withFound(sizeBytes, sha256, null, Verification.none());
    }

    /** The same snapshot, held for a damaged record or not. */
    Snapshot withRecordDamaged(boolean damaged) {
        if (damaged == keptBecause.contains(KeptBecause.DAMAGED_RECORD)) {
            return this;
        }
        var others = keptBecause.stream().filter(reason -> reason != KeptBecause.DAMAGED_RECORD);
        return withKeptBecause(Stream.concat(others, damaged ? Stream.of(KeptBecause.DAMAGED_RECORD) : Stream.empty())
                .toList());
    }

    /**
     * The same snapshot as found in its file.
     *
     * @param content null where the file is too damaged to tell; what was recorded before stays then
     */
    public Snapshot withFound(
            long sizeBytes, @Nullable String sha256, @Nullable Content content, Verification verification) {
        if (content == null) {
            return new Snapshot(
                    name,
                    createdAt,
                    sizeBytes,
                    sha256,
                    revision,
                    compactRevision,
                    liveKeys,
                    totalEntries,
                    hashKv,
                    etcd,
                    trigger,
                    requests,
                    lineage,
                    pinned,
                    keptBecause,
                    caFingerprint,
                    verification);
        }
        return new Snapshot(
                name,
                createdAt,
                sizeBytes,
                sha256,
                content.revision(),
                content.compactRevision(),
                content.liveKeys(),
                content.totalEntries(),
                content.hashKv(),
                etcd,
                trigger,
                requests,
                lineage,
                pinned,
                keptBecause,
                content.caFingerprint(),
                verification);
    }
}
