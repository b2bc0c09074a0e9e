package dev.otherix.backup.api;

import dev.otherix.backup.job.BackupWorker;
import dev.otherix.backup.job.Backups;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import org.springframework.stereotype.Component;

/** Finds what a path means: a snapshot by its name, or the newest verified one as {@code latest}. */
@Component
final class NamedSnapshots {

    private static final String LATEST = "latest";

    private final BackupWorker worker;

    NamedSnapshots(BackupWorker worker) {
        this.worker = worker;
    }

    /**
     * The parts that work on the directory.
     *
     * @throws ApiFailure where no directory is configured
     */
    Backups backups() {
        return worker.backups().orElseThrow(() -> new ApiFailure(ErrorCode.CONFLICT,
                "workers.backup.dir is not set, so there are no snapshots; set it and restart the service"));
    }

    /** @throws ApiFailure where there is none, or the text is no name */
    Snapshot find(String text) {
        var directory = backups().directory();
        if (text.equals(LATEST)) {
            return directory.latest().orElseThrow(() -> new ApiFailure(ErrorCode.NOT_FOUND, "there is no verified snapshot yet"));
        }
        return SnapshotName.parse(text).flatMap(directory::find).orElseThrow(NamedSnapshots::none);
    }

    static ApiFailure none() {
        return new ApiFailure(ErrorCode.NOT_FOUND, "there is no snapshot of this name; GET /v1/snapshots lists them");
    }
}
