package dev.otherix.backup.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the lines that the file system refused, and reports once that it refuses them, and once that it stops. */
final class RefusedLines {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedLines.class);

    private final AtomicLong count = new AtomicLong();
    private boolean refusing;
    private long reported;

    long count() {
        return count.get();
    }

    synchronized void refused(Path file, IOException cause) {
        count.incrementAndGet();
        if (!refusing) {
            LOG.warn(
                    "audit.file {} does not accept lines ({}): they are dropped and counted until it does. Requests"
                            + " and runs go on. Check the free space and the file system",
                    file,
                    String.valueOf(cause.getMessage()));
        }
        refusing = true;
    }

    synchronized void accepted(Path file) {
        if (refusing) {
            var now = count.get();
            LOG.warn("audit.file {} accepts lines again; {} were dropped", file, now - reported);
            reported = now;
            refusing = false;
        }
    }
}
