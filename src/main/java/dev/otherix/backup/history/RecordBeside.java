package dev.otherix.backup.history;

import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.CutRecord;
import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.snapshot.History;
import dev.otherix.backup.snapshot.Marks;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.verify.SnapshotProof;
import dev.otherix.backup.verify.bolt.Finding;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The record beside a file, against the file itself. */
public final class RecordBeside {

    private final Optional<Known> record;

    private RecordBeside(Optional<Known> record) {
        this.record = record;
    }

    /** What a record says about its file. */
    private record Known(
            boolean verified,
            long sizeBytes,
            @Nullable String sha256,
            Content content,
            @Nullable String clusterId,
            @Nullable History history,
            Instant takenAt,
            @Nullable String etcdVersion) {

        static Known of(Snapshot snapshot) {
            return new Known(
                    snapshot.verified(),
                    snapshot.sizeBytes(),
                    snapshot.sha256(),
                    snapshot.content(),
                    snapshot.clusterId(),
                    snapshot.history(),
                    snapshot.createdAt(),
                    snapshot.etcd() == null ? null : snapshot.etcd().version());
        }

        static Known of(CutRecord cut) {
            return new Known(
                    true,
                    cut.file().sizeBytes(),
                    cut.file().sha256(),
                    cut.content(),
                    null,
                    cut.origin().history(),
                    cut.createdAt(),
                    null);
        }
    }

    /**
     * Reads it; a missing or damaged record says nothing.
     *
     * @throws dev.otherix.backup.snapshot.DirectoryFailure if it cannot be read
     */
    public static RecordBeside of(Path file) {
        return new RecordBeside(DirectoryListing.recordOf(file)
                .map(Known::of)
                .or(() -> CutRecord.of(file).map(Known::of)));
    }

    /** A complete snapshot may still not be the one that was taken under this name. */
    public Optional<Finding> against(SnapshotProof proof) {
        return record.filter(Known::verified)
                .map(Known::sha256)
                .filter(recorded -> !recorded.equals(proof.sha256()))
                .map(recorded -> new Finding(
                        "sha256",
                        null,
                        null,
                        "the file's SHA-256 is " + proof.sha256() + ", the record beside it says " + recorded));
    }

    /** The id of the file's cluster; empty if the record does not say it, or is another file's. */
    Optional<String> clusterId(SnapshotProof proof) {
        return of(proof).map(Known::clusterId);
    }

    /** etcd's HashKV at the file's revision; empty if the record does not say it, or is another file's. */
    public Optional<Long> hashKv(SnapshotProof proof) {
        return of(proof).map(Known::content).map(Content::hashKv);
    }

    /** When the snapshot was taken, or cut; empty if the record is missing or another file's. */
    public Optional<Instant> takenAt(SnapshotProof proof) {
        return of(proof).map(Known::takenAt);
    }

    /** The etcd that it was taken from; empty if the record does not say it, or is another file's. */
    public Optional<String> etcdVersion(SnapshotProof proof) {
        return of(proof).map(Known::etcdVersion);
    }

    /** The etcd that a file of this size was taken from, before it is read; empty if the record does not say it. */
    public Optional<String> etcdVersion(long sizeBytes) {
        return of(sizeBytes).map(Known::etcdVersion);
    }

    /** What a file of this size holds, before it is read; empty if the record does not say all of it. */
    public Optional<Content> content(long sizeBytes) {
        return of(sizeBytes).map(Known::content).filter(Content::complete);
    }

    private Optional<Known> of(long sizeBytes) {
        return record.filter(known -> known.verified() && known.sizeBytes() == sizeBytes);
    }

    private Optional<Known> of(SnapshotProof proof) {
        return record.filter(known -> proof.sha256().equals(known.sha256()));
    }

    /** When the revisions of the file were; none if the record is another file's. */
    Marks marks(SnapshotProof proof) {
        return history(proof).map(History::marks).orElse(Marks.NONE);
    }

    /** How far back the file reaches; empty if the record does not say it, or is another file's. */
    Optional<History> history(SnapshotProof proof) {
        return of(proof).map(Known::history);
    }

    /** The moments that the file holds as the record says, before the file is read; empty if it does not say it. */
    public Optional<Span> span(Path file) {
        return record.filter(known -> known.content().complete())
                .map(known -> Span.of(
                        file.toString(),
                        Objects.requireNonNull(known.content().compactRevision()),
                        Objects.requireNonNull(known.content().revision()),
                        known.history() == null ? Marks.NONE : known.history().marks()));
    }

    /** The moments that the file holds. */
    public Span span(Path file, SnapshotProof proof) {
        var rows = proof.storedRows();
        return Span.of(file.toString(), rows.compactRevision(), rows.revision(), marks(proof));
    }

    /** When the revisions of the recorded snapshot were. */
    static Marks marks(Snapshot recorded) {
        var history = recorded.history();
        return history == null ? Marks.NONE : history.marks();
    }
}
