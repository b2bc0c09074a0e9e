package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of an object, read by a thread of its own and handed over in two buffers, so that the reader never waits longer
 * than the limits and can be interrupted, whatever the source does. Used by one thread.
 */
final class FarStream extends InputStream {

    private static final int BUFFER = 128 << 10;
    private static final int BUFFERS = 2;

    private final Source source;
    private final Limits limits;
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BUFFERS);
    private final BlockingQueue<Chunk> filled = new LinkedBlockingQueue<>();
    private final Thread thread;
    private Chunk current = Chunk.OPENED;
    private int position;
    private long received;
    private long waited;
    private volatile boolean closed;

    /** Where the bytes are. */
    interface Source {

        /** What this reads, for messages: {@code "reading KEY"}. */
        String doing();

        /** Opens the object; on the thread that then reads and closes it. */
        InputStream open() throws Exception;

        /** Makes a read that waits return, if it can. */
        void abort();

        /** The words for what {@link #open} or a read threw, or for {@code problem} if it threw nothing. */
        StoreFailure failure(Code code, String problem, @Nullable Throwable thrown);
    }

    private record Chunk(byte[] bytes, int length, @Nullable Throwable thrown) {

        static final Chunk OPENED = new Chunk(new byte[0], 0, null);
    }

    private FarStream(Source source, Limits limits) {
        this.source = source;
        this.limits = limits;
        for (var buffer = 0; buffer < BUFFERS; buffer++) {
            empty.add(new byte[BUFFER]);
        }
        this.thread = Thread.ofPlatform().daemon().name("offsite-read").unstarted(this::fill);
    }

    /** @throws StoreFailure if it cannot be opened */
    static FarStream open(Source source, Limits limits) {
        var stream = new FarStream(source, limits);
        stream.thread.start();
        try {
            stream.current = stream.next(limits.grace());
            return stream;
        } catch (StoreFailure failed) {
            stream.close();
            throw failed;
        }
    }

    private void fill() {
        try (var in = source.open()) {
            filled.add(Chunk.OPENED);
            while (!closed) {
                var buffer = empty.take();
                var count = in.read(buffer);
                filled.add(new Chunk(buffer, count, null));
                if (count < 0) {
                    return;
                }
            }
        } catch (Throwable thrown) {
            // whoever reads next throws it
            filled.add(new Chunk(new byte[0], 0, thrown));
        }
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (position >= current.length()) {
            if (current.length() < 0) {
                return -1;
            }
            if (current.bytes().length > 0) {
                empty.add(current.bytes());
            }
            current = next(limits.silence());
            position = 0;
            received += Math.max(0, current.length());
        }
        var count = Math.min(length, current.length() - position);
        System.arraycopy(current.bytes(), position, bytes, offset, count);
        position += count;
        return count;
    }

    private Chunk next(Duration limit) {
        var began = System.nanoTime();
        try {
            var chunk = filled.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
            waited += System.nanoTime() - began;
            if (chunk == null) {
                throw givenUp(Code.UNAVAILABLE, "no byte came for " + TimedCalls.seconds(limit), null);
            }
            if (chunk.thrown() != null) {
                throw givenUp(Code.UNAVAILABLE, "the object could not be read", chunk.thrown());
            }
            if (waited > limits.whole(received).toNanos()) {
                throw givenUp(
                        Code.UNAVAILABLE,
                        "it gives fewer than " + limits.slowest() + " bytes a second; it is too slow",
                        null);
            }
            return chunk;
        } catch (InterruptedException interrupted) {
            var failure = givenUp(Code.INTERRUPTED, "interrupted", null);
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    private StoreFailure givenUp(Code code, String problem, @Nullable Throwable thrown) {
        close();
        return source.failure(code, problem, thrown);
    }

    /** Does not wait for a source that hangs. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            source.abort();
            thread.interrupt();
        }
    }
}
