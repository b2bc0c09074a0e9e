package dev.otherix.backup.etcd;

import dev.otherix.backup.config.InTime;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Reads the files of a connection with a limit: the mount that they are on may hang. At most one thread waits for it.
 */
final class EtcdFiles {

    private static final Duration LIMIT = Duration.ofSeconds(8);

    private final Semaphore one = new Semaphore(1);
    private final Duration limit;

    EtcdFiles() {
        this(LIMIT);
    }

    /** @param limit how long a caller waits for another's read, and for its own */
    EtcdFiles(Duration limit) {
        this.limit = limit;
    }

    /**
     * @param keys the settings that name the files
     * @throws EtcdFailure if there is no answer in time, or the caller is interrupted
     */
    <T> T read(String keys, Supplier<T> read) {
        try {
            if (!one.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw hangs(keys);
            }
            return InTime.ask(limit, () -> {
                try {
                    return read.get();
                } finally {
                    one.release();
                }
            });
        } catch (TimeoutException hangs) {
            throw Thread.currentThread().isInterrupted() ? interrupted(keys) : hangs(keys);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw interrupted(keys);
        }
    }

    private EtcdFailure hangs(String keys) {
        return new EtcdFailure(
                EtcdFailure.Reason.UNREACHABLE,
                "no connection to etcd: the file that " + keys + " names has not answered for " + limit.toSeconds()
                        + " s; check its disk, or the server of its file system");
    }

    private static EtcdFailure interrupted(String keys) {
        return new EtcdFailure(EtcdFailure.Reason.CANCELLED, "reading " + keys + " was interrupted");
    }
}
