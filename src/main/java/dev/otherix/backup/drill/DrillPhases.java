package dev.otherix.backup.drill;

import dev.otherix.backup.restore.Drill;
import dev.otherix.backup.task.Progress;
import java.util.function.LongConsumer;

/** Shows the progress of a drill in its task. */
record DrillPhases(Progress progress) implements Drill.Listener {

    @Override
    public LongConsumer reading() {
        progress.enter("restore");
        return progress::reached;
    }

    @Override
    public LongConsumer proving(long bytes) {
        progress.enter("verify");
        progress.expect(bytes);
        progress.reached(0);
        return progress::reached;
    }

    @Override
    public void starting() {
        progress.enter("etcd");
    }
}
