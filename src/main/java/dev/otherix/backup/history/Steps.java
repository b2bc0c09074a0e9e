package dev.otherix.backup.history;

import java.util.function.DoubleConsumer;

/** Reports the progress of work with very many small steps now and then. */
final class Steps {

    private static final int BETWEEN = 1 << 12;
    private static final double NOT_DONE = 0.99;

    private final DoubleConsumer progress;
    private int taken;

    Steps(DoubleConsumer progress) {
        this.progress = progress;
    }

    /** @param share that is done now, from 0 to 1 */
    void at(double share) {
        if ((taken++ & (BETWEEN - 1)) == 0) {
            progress.accept(Math.min(share, NOT_DONE));
        }
    }
}
