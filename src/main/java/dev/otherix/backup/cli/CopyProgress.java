package dev.otherix.backup.cli;

import dev.otherix.backup.history.Rewind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Shows the progress of a copy in two parts: the source is read, then the result is proven. */
final class CopyProgress implements Rewind.Listener, AutoCloseable {

    private final PastFiles files;
    private final Path source;
    private final Path target;
    private ProgressBar.@Nullable Work shown;

    CopyProgress(PastFiles files, Path source, Path target) {
        this.files = files;
        this.source = source;
        this.target = target;
    }

    @Override
    public LongConsumer reading() throws IOException {
        return show(source, Files.size(source));
    }

    @Override
    public LongConsumer proving(long bytes) {
        return show(target, bytes);
    }

    private LongConsumer show(Path part, long bytes) {
        close();
        var next = files.progress(part, bytes);
        shown = next;
        return next::at;
    }

    @Override
    public void close() {
        if (shown != null) {
            shown.close();
        }
    }
}
