package dev.otherix.backup.history;

import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.snapshot.Marks;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.verify.SnapshotProof;
import dev.otherix.backup.verify.bolt.Finding;
import java.nio.file.Path;
import java.util.Optional;

/** The record beside a file, against the file itself. */
public final class RecordBeside {

    private final Optional<Snapshot> record;

    private RecordBeside(Optional<Snapshot> record) {
        this.record = record;
    }

    /**
     * Reads it; a missing or damaged record says nothing.
     *
     * @throws dev.otherix.backup.snapshot.DirectoryFailure if it cannot be read
     */
    public static RecordBeside of(Path file) {
        return new RecordBeside(DirectoryListing.recordOf(file));
    }

    /** A complete snapshot may still not be the one that was taken under this name. */
    public Optional<Finding> against(SnapshotProof proof) {
        return record.filter(Snapshot::verified)
                .map(Snapshot::sha256)
                .filter(recorded -> !recorded.equals(proof.sha256()))
                .map(recorded -> new Finding(
                        "sha256",
                        null,
                        null,
                        "the file's SHA-256 is " + proof.sha256() + ", the record beside it says " + recorded));
    }

    /** When the revisions of the file were; none if the record is another file's. */
    Marks marks(SnapshotProof proof) {
        return record.filter(known -> proof.sha256().equals(known.sha256()))
                .map(RecordBeside::marks)
                .orElse(Marks.NONE);
    }

    /** When the revisions of the recorded snapshot were. */
    static Marks marks(Snapshot recorded) {
        var history = recorded.history();
        return history == null ? Marks.NONE : history.marks();
    }
}
