package dev.otherix.backup.verify;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Hashes a file on its own thread, beside the walk over its pages. After {@link #close} no thread reads the file. */
final class FooterHashing implements AutoCloseable {

    private static final long LOOK_MILLIS = 200;

    private final FutureTask<Timed> hashing;
    private final Thread thread;
    private final Progress progress;

    private FooterHashing(FutureTask<Timed> hashing, Progress progress) {
        this.hashing = hashing;
        this.thread = Thread.ofPlatform().daemon().name("snapshot-sha256").start(hashing);
        this.progress = progress;
    }

    /** @param bytesPerSecond how fast the file may be read, 0 = no limit */
    static FooterHashing start(FileSource file, long bytesPerSecond, Progress progress) {
        return new FooterHashing(new FutureTask<>(() -> timed(file, bytesPerSecond, progress)), progress);
    }

    /** A result and how long it took. */
    record Timed(IntegrityFooter.Result result, Duration took) {}

    private static Timed timed(FileSource file, long bytesPerSecond, Progress progress) throws IOException {
        var began = System.nanoTime();
        var result = IntegrityFooter.check(file, bytesPerSecond, progress::hashed);
        return new Timed(result, Duration.ofNanos(System.nanoTime() - began));
    }

    /** Waits for the result, and reports the progress meanwhile. */
    Timed result() throws IOException {
        try {
            while (true) {
                progress.report();
                try {
                    return hashing.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException notYet) {
                    // the next check reports the progress
                }
            }
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new VerificationCancelled();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException unreadable -> throw unreadable;
                case RuntimeException unforeseen -> throw unforeseen;
                case null, default -> throw new IllegalStateException(failed.getCause());
            }
        }
    }

    /** Ends it and waits. */
    @Override
    public void close() {
        thread.interrupt();
        var interrupted = Thread.interrupted();
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
