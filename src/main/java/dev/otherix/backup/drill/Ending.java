package dev.otherix.backup.drill;

import dev.otherix.backup.restore.Drill;
import org.jspecify.annotations.Nullable;

/** Ends a drill early, before it has begun too. Safe for use by several threads. */
final class Ending {

    private @Nullable Drill drill;
    private @Nullable Thread waiting;
    private @Nullable String by;

    /** @param by who, to follow "ended by" */
    synchronized void end(String by) {
        if (this.by != null) {
            return;
        }
        this.by = by;
        if (drill != null) {
            drill.end(by);
        }
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /** Whether it was ended. */
    synchronized boolean ended() {
        return by != null;
    }

    /** From here on it ends {@code begun}. */
    synchronized void of(Drill begun) {
        drill = begun;
        if (by != null) {
            begun.end(by);
        }
    }

    /** The current thread waits for its turn, which an end interrupts. */
    synchronized void waits() {
        waiting = Thread.currentThread();
        if (by != null) {
            waiting.interrupt();
        }
    }

    /** Its turn has come. */
    synchronized void waitsNoMore() {
        waiting = null;
        if (by != null) {
            // the drill learns of it in another way
            var _ = Thread.interrupted();
        }
    }
}
