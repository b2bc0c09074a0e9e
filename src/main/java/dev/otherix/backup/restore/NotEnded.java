package dev.otherix.backup.restore;

import java.io.IOException;
import java.time.Duration;

/** A process of a drill was killed, and the system does not end it. */
final class NotEnded extends IOException {

    NotEnded(long pid, Duration since) {
        super("process " + pid + " of the drill was killed and has not ended for " + since.toSeconds()
                + " s: it waits for a disk");
    }
}
