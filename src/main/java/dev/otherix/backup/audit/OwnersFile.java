package dev.otherix.backup.audit;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A rotated file that only its owner can read. An existing file keeps its mode. Logback's own stream drops lines
 * without a count after an error, for up to five minutes, so this one has another.
 */
final class OwnersFile extends RollingFileAppender<ILoggingEvent> {

    private final RefusedLines refused = new RefusedLines();

    @Override
    public void openFile(String name) throws IOException {
        var lines = new WholeLines(Path.of(name), refused);
        if (!isStarted()) {
            // a start fails if the file cannot be written; later lines wait for nothing, and try it again
            lines.open();
        }
        setOutputStream(lines);
    }

    /** The number of lines that the file system refused. */
    long refused() {
        return refused.count();
    }
}
