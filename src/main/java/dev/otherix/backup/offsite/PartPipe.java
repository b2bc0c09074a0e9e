package dev.otherix.backup.offsite;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what one thread writes into parts of equal size for another thread: while one part is sent, the next is filled.
 * Holds at most two parts.
 */
final class PartPipe extends OutputStream {

    private static final Part END = new Part(new byte[0], 0);

    private final int size;
    private final Semaphore unused = new Semaphore(2);
    private final BlockingQueue<byte[]> emptied = new LinkedBlockingQueue<>();
    private final BlockingQueue<Part> filled = new LinkedBlockingQueue<>();
    private byte @Nullable [] filling;
    private int length;
    private volatile @Nullable RuntimeException failure;

    /** @param size of each part but the last, in bytes */
    PartPipe(int size) {
        this.size = size;
    }

    /**
     * What was written.
     *
     * @param length how many bytes from the start of {@code bytes}; 0 after the last part
     */
    record Part(byte[] bytes, int length) {}

    /**
     * The next part; one of length 0 at the end. It must be {@link #release released} before the one after the next.
     *
     * @throws RuntimeException why the writing thread ended early
     */
    Part next() throws InterruptedException {
        var part = filled.take();
        var why = failure;
        if (part.length() == 0 && why != null) {
            throw why;
        }
        return part;
    }

    /** The bytes of a part are not needed any more. */
    void release(Part part) {
        emptied.add(part.bytes());
        unused.release();
    }

    /** Passes the last part, and then the end. */
    void end() {
        if (filling != null && length > 0) {
            pass(filling);
        }
        filled.add(END);
    }

    /** Ends it early. */
    void fail(RuntimeException why) {
        failure = why;
        filled.add(END);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int left = count;
        while (left > 0) {
            var part = part();
            int now = Math.min(left, size - length);
            System.arraycopy(bytes, at, part, length, now);
            length += now;
            at += now;
            left -= now;
            if (length == size) {
                pass(part);
            }
        }
    }

    private byte[] part() throws InterruptedIOException {
        if (filling == null) {
            try {
                unused.acquire();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
            var used = emptied.poll();
            filling = used == null ? new byte[size] : used;
        }
        return filling;
    }

    private void pass(byte[] part) {
        filled.add(new Part(part, length));
        filling = null;
        length = 0;
    }
}
