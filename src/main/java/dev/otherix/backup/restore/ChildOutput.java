package dev.otherix.backup.restore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The end of what a program prints, however much that is. */
final class ChildOutput {

    private static final int KEPT = 1 << 14;
    private static final int CHUNK = 1 << 12;

    private final byte[] ring = new byte[KEPT];
    private final CountDownLatch end = new CountDownLatch(1);
    private long written;

    /** Reads all of it on a thread of its own, which ends with the last process that has the other end. */
    static ChildOutput of(InputStream printed) {
        var output = new ChildOutput();
        Thread.ofPlatform().daemon().name("drill-output").start(() -> output.read(printed));
        return output;
    }

    private void read(InputStream printed) {
        var chunk = new byte[CHUNK];
        try (printed) {
            for (var count = printed.read(chunk); count >= 0; count = printed.read(chunk)) {
                add(chunk, count);
            }
        } catch (IOException closed) {
            // its process has been ended
        } finally {
            end.countDown();
        }
    }

    /** Waits until all is read that its process printed; another that it has started may go on. */
    void awaitEnd(Duration limit) throws InterruptedException {
        var _ = end.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void add(byte[] bytes, int count) {
        for (var i = 0; i < count; i++) {
            ring[(int) (written++ % KEPT)] = bytes[i];
        }
    }

    /** The lines that are kept; the first may have lost its beginning. */
    synchronized List<String> lines() {
        var length = (int) Math.min(written, KEPT);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) {
            bytes[i] = ring[(int) ((written - length + i) % KEPT)];
        }
        return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    }
}
