package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Syncs a growing file on its own thread, every {@value #STEP_BYTES} bytes and never two syncs at once. The writer does
 * not wait, and each sync is short, so the member's own fsyncs do not wait long behind it.
 */
final class BackgroundSync {

    static final long STEP_BYTES = 16L << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final FileChannel file;
    private final Disk disk;
    private final Thread thread;
    private long written;
    private boolean stopped;
    private @Nullable IOException failure;

    BackgroundSync(FileChannel file, Disk disk) {
        this.file = file;
        this.disk = disk;
        this.thread = Thread.ofPlatform().daemon().name("snapshot-sync").start(this::run);
    }

    /** Reports that the file has grown to {@code bytes}; throws the error of an earlier sync. */
    void grown(long bytes) throws IOException {
        lock.lock();
        try {
            written = bytes;
            throwFailure();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the thread, waits for the current sync, and throws the error of any sync. The system reports such an error
     * only once: a later sync of the same file succeeds although bytes are lost.
     */
    void finish() throws IOException {
        stop();
        lock.lock();
        try {
            throwFailure();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread and waits for the current sync. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw new IOException(DirectoryFailure.words(failure), failure);
        }
    }

    private void run() {
        long synced = 0;
        while (true) {
            long target;
            lock.lock();
            try {
                while (!stopped && written - synced < STEP_BYTES) {
                    changed.awaitUninterruptibly();
                }
                if (stopped) {
                    return;
                }
                target = written;
            } finally {
                lock.unlock();
            }
            try {
                disk.force(file, false);
            } catch (IOException broken) {
                lock.lock();
                try {
                    failure = broken;
                } finally {
                    lock.unlock();
                }
                return;
            }
            synced = target;
        }
    }
}
