package dev.otherix.backup.job;

import dev.otherix.backup.check.Inspections;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.task.TaskFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Abandons a run or a check when the disk does not answer. Checks once a second, on its own thread, which never touches
 * the disk: the threads of the run and of the clock may all be waiting for the disk.
 */
final class HangWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HangWatch.class);

    private final SnapshotDirectory directory;
    private final Duration limit;
    private final BackupJob job;
    private final Inspections inspections;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("hang-watch").factory());

    /** @param limit how long a call may take */
    HangWatch(SnapshotDirectory directory, Duration limit, BackupJob job, Inspections inspections) {
        this.directory = directory;
        this.limit = limit;
        this.job = job;
        this.inspections = inspections;
    }

    void start() {
        var _ = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            directory
                    .calls()
                    .waitingFor(limit)
                    .map(call -> DirectoryFailure.hangs(directory.path(), call))
                    .ifPresent(this::giveUp);
        } catch (RuntimeException | Error unforeseen) {
            // an exception would end all further checks
            LOG.error("looking for calls to the disk that do not return failed unexpectedly", unforeseen);
        }
    }

    private void giveUp(DirectoryFailure hangs) {
        var why = new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, hangs.problem(), Map.of(), hangs);
        job.giveUp(why);
        inspections.giveUp(why);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
