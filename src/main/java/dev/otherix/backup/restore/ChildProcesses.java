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
     * @throws IOException if one of them does not end: it waits for a disk
     */
    static void end(ChildNote note) throws IOException {
        var interrupted = false;
        var began = System.nanoTime();
        try {
            for (var living = note.living(); !living.isEmpty(); living = note.living()) {
                if (System.nanoTime() - began > LIMIT.toNanos()) {
                    throw new IOException("process " + living.getFirst().pid()
                            + " of the drill was killed and has not ended for " + LIMIT.toSeconds()
                            + " s: it waits for a disk");
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
