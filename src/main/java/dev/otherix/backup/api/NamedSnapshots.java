package dev.otherix.backup.api;

import dev.otherix.backup.job.DirectoryGate;
import dev.otherix.backup.job.WithDirectory;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import org.springframework.stereotype.Component;

/** Finds the snapshot of a path: by its name, or the newest verified one as {@code latest}. */
@Component
@WithDirectory
final class NamedSnapshots {

    private static final String LATEST = "latest";

    private final SnapshotDirectory directory;
    private final DirectoryGate gate;

    NamedSnapshots(SnapshotDirectory directory, DirectoryGate gate) {
        this.directory = directory;
        this.gate = gate;
    }

    /**
     * Finds a snapshot, if the directory answers.
     *
     * @throws ApiFailure if there is none, or the text is not a name
     */
    Snapshot find(String text) {
        gate.pass();
        if (text.equals(LATEST)) {
            return directory
                    .latest()
                    .orElseThrow(() -> new ApiFailure(ErrorCode.NOT_FOUND, "there is no verified snapshot yet"));
        }
        return SnapshotName.parse(text).flatMap(directory::find).orElseThrow(NamedSnapshots::none);
    }

    static ApiFailure none() {
        return new ApiFailure(ErrorCode.NOT_FOUND, "there is no snapshot with this name; GET /v1/snapshots lists them");
    }
}
