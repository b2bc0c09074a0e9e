package dev.otherix.backup.access;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files again and again, each time on a thread of its own: the mount that they are on may hang, and then this
 * thread waits, one at a time, and not the clock's.
 */
final class FileLook {

    private static final Logger LOG = LoggerFactory.getLogger(FileLook.class);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final String files;
    private final String meanwhile;
    private final Runnable look;
    private final Duration patience;
    private boolean underWay;
    private long began;
    private volatile @Nullable String hangs;

    /**
     * @param files what is looked at, for messages
     * @param meanwhile what holds until the look returns, for messages
     */
    FileLook(String files, String meanwhile, Runnable look) {
        this(files, meanwhile, look, LONG);
    }

    /** @param patience how long a look may take until it is reported */
    FileLook(String files, String meanwhile, Runnable look, Duration patience) {
        this.files = files;
        this.meanwhile = meanwhile;
        this.look = look;
        this.patience = patience;
    }

    /** Begins to look, unless the last look has not returned. Never waits. */
    synchronized void begin() {
        if (!underWay) {
            underWay = true;
            began = System.nanoTime();
            Thread.ofPlatform().daemon().name("file-look").start(this::run);
        } else if (hangs == null && System.nanoTime() - began >= patience.toNanos()) {
            hangs = "no answer from " + files + " for " + patience.toSeconds()
                    + " s; check the disk, or the server of the file system";
            LOG.warn("{}: {}", meanwhile, hangs);
        }
    }

    /** Why nothing is known of the files as they are now; empty while looks return. */
    Optional<String> hangs() {
        return Optional.ofNullable(hangs);
    }

    private void run() {
        try {
            look.run();
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("looking at {} failed unexpectedly", files, unforeseen);
        } finally {
            returned();
        }
    }

    private synchronized void returned() {
        underWay = false;
        if (hangs != null) {
            hangs = null;
            LOG.info("{} can be looked at again", files);
        }
    }
}
