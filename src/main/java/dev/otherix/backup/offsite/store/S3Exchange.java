package dev.otherix.backup.offsite.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.Abortable;

/**
 * What one call says to and hears from the store: counts both ways for {@link Progress}, keeps a body that is sent in
 * small pieces, and answers in bounds.
 */
final class S3Exchange {

    /** The exchange of the call that the current thread makes. */
    static final ScopedValue<S3Exchange> CURRENT = ScopedValue.newInstance();

    /** A page of a list with 1,000 long keys, each character escaped, is smaller. */
    static final long LARGEST_ANSWER = 8 << 20;

    private static final long LARGEST_REFUSAL = 64 << 10;
    private static final int PIECE = 64 << 10;

    private final Progress progress;
    private final LongConsumer sent;
    private final long largestAnswer;
    private volatile @Nullable Abortable inFlight;
    private volatile boolean aborted;

    /**
     * @param sent is given the size of each piece of a body that leaves
     * @param largestAnswer in bytes
     */
    S3Exchange(Progress progress, LongConsumer sent, long largestAnswer) {
        this.progress = progress;
        this.sent = sent;
        this.largestAnswer = largestAnswer;
    }

    Progress progress() {
        return progress;
    }

    void begins(Abortable request) throws IOException {
        inFlight = request;
        if (aborted) {
            request.abort();
            throw new IOException("the call was given up");
        }
        progress.moved();
    }

    /** Ends the request that is under way, also where its thread waits in a read or write. */
    void abort() {
        aborted = true;
        var request = inFlight;
        if (request != null) {
            request.abort();
        }
    }

    InputStream sending(InputStream body) {
        return new Sending(body);
    }

    InputStream answer(InputStream body, boolean refusal) {
        return new Answer(body, refusal);
    }

    private final class Sending extends FilterInputStream {

        Sending(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            progress.moved();
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            progress.moved();
            var count = super.read(bytes, offset, Math.min(length, PIECE));
            if (count > 0) {
                progress.slowDown(sent, count);
            }
            return count;
        }
    }

    private final class Answer extends FilterInputStream {

        private final boolean refusal;
        private long left;

        Answer(InputStream body, boolean refusal) {
            super(body);
            this.refusal = refusal;
            this.left = refusal ? LARGEST_REFUSAL : largestAnswer;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            progress.moved();
            if (left <= 0) {
                if (refusal) {
                    return -1;
                }
                throw new TooLong(largestAnswer);
            }
            var count = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(count, 0);
            progress.moved();
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            return Math.max(0, read(new byte[(int) Math.min(count, PIECE)]));
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    /** An answer has more bytes than any such answer needs. */
    static final class TooLong extends IOException {

        TooLong(long largest) {
            super("the answer is longer than " + (largest >> 20) + " MiB");
        }
    }
}
