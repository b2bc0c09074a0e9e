package dev.otherix.backup.restore;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Ends what a drill has started. */
final class ChildProcesses {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private ChildProcesses() {}

    /**
     * Kills the program and all that it has started, and returns when they are gone. An interrupt does not end it.
     *
     * @throws NotEnded if one of them does not end: it waits for a disk
     */
    static void end(ChildNote note) throws IOException {
        var interrupted = false;
        var began = System.nanoTime();
        try {
            for (var living = note.living(); !living.isEmpty(); living = note.living()) {
                if (System.nanoTime() - began > LIMIT.toNanos()) {
                    throw new NotEnded(living.getFirst().pid(), LIMIT);
                }
                living.forEach(ProcessHandle::destroyForcibly);
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
