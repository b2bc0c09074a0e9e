package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.time.Clock;
import java.time.Duration;

/**
 * Keeps requests away from a directory that does not answer: the thread of a request that reads there would wait as
 * long as the disk does.
 */
public final class DirectoryGate {

    private static final Duration LONGEST_LOOK = Duration.ofMillis(1500);
    /** Less than a look, so that the call of a look that is late is found. */
    private static final Duration LONG = Duration.ofSeconds(1);

    private final SnapshotDirectory directory;
    private final BoundedLook<Boolean> look;

    DirectoryGate(SnapshotDirectory directory, Clock clock) {
        this.directory = directory;
        this.look = new BoundedLook<>(() -> directory.writable() && directory.opens(), LONGEST_LOOK, clock);
    }

    /**
     * Returns within two seconds if the directory answers.
     *
     * @throws DirectoryFailure within two seconds if it does not, or cannot be used
     */
    public void pass() {
        look.now((last, since) -> {
            directory.calls().waitingFor(LONG).ifPresent(call -> {
                throw DirectoryFailure.hangs(directory.path(), call);
            });
            // only this process was slow
            return true;
        });
    }
}
