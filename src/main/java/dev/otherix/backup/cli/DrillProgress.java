package dev.otherix.backup.cli;

import dev.otherix.backup.restore.Drill;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Shows the progress of the restore in a drill. The etcd that follows has a limit, and nothing to show. */
final class DrillProgress implements Drill.Listener, AutoCloseable {

    private final CopyProgress copy;
    private final Waits.Wait wait;

    DrillProgress(PastFiles files, Path snapshot, Path scratch) {
        this.wait = files.waitFor(scratch);
        this.copy = new CopyProgress(files, snapshot, scratch);
    }

    @Override
    public LongConsumer reading() throws IOException {
        return copy.reading();
    }

    @Override
    public LongConsumer proving(long bytes) {
        return copy.proving(bytes);
    }

    @Override
    public void starting() {
        close();
    }

    @Override
    public void close() {
        copy.close();
        wait.close();
    }
}
