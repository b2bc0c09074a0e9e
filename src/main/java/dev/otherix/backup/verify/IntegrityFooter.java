package dev.otherix.backup.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The last 32 bytes of a snapshot: the SHA-256 of all before them. They have no marker. A file has them if its length
 * modulo 512 is 32, because the database before them consists of whole pages (etcd: api/etcdserverpb/rpc.proto,
 * SnapshotResponse; etcdutl/snapshot/v3_snapshot.go).
 */
public final class IntegrityFooter {

    /** Length of the footer in bytes. */
    public static final int BYTES = 32;

    private static final int PAGE_FRACTION = 512;
    private static final int BUFFER_BYTES = 1 << 20;

    private IntegrityFooter() {}

    /**
     * What a file's footer shows.
     *
     * @param present whether there is a footer
     * @param problem what is wrong; null if there is a footer and it matches the SHA-256 of the data
     * @param sizeBytes of the file, as read
     * @param fileSha256 SHA-256 of the whole file in lower-case hex
     * @param sealedSha256 what it would be with a footer; null where there is one
     */
    public record Result(
            boolean present,
            @Nullable String problem,
            long sizeBytes,
            String fileSha256,
            @Nullable String sealedSha256) {

        /** Whether there is a footer that matches the SHA-256 of the data. */
        public boolean passed() {
            return problem == null;
        }
    }

    /** Whether a file of this length has a footer. */
    public static boolean isIn(long size) {
        return size % PAGE_FRACTION == BYTES && size > BYTES;
    }

    /** Reads {@code file} once, from beginning to end. A link is not followed. */
    public static Result check(Path file) throws IOException {
        return check(
                () -> FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)), 0, _ -> {});
    }

    /**
     * Like {@link #check(Path)}, but reads at most this many bytes per second; 0 is no limit. @param progress gets the
     * number of bytes read, on this thread
     */
    static Result check(FileSource file, long bytesPerSecond, LongConsumer progress) throws IOException {
        try (var channel = file.open()) {
            var size = channel.size();
            if (!isIn(size)) {
                var whole = sha256();
                digest(channel, whole, size, bytesPerSecond, progress);
                var sealed = copy(whole);
                var actual = whole.digest();
                sealed.update(actual);
                return new Result(
                        false,
                        "no footer: " + size + " bytes are not whole pages and 32 bytes",
                        size,
                        hex(actual),
                        hex(sealed.digest()));
            }
            var data = sha256();
            digest(channel, data, size - BYTES, bytesPerSecond, progress);
            var whole = copy(data);
            var footer = ByteBuffer.allocate(BYTES);
            readFully(channel, footer);
            whole.update(footer.array());
            var actual = data.digest();
            var same = MessageDigest.isEqual(actual, footer.array());
            return new Result(
                    true,
                    same ? null : "the footer says SHA-256 " + hex(footer.array()) + ", the data has " + hex(actual),
                    size,
                    hex(whole.digest()),
                    null);
        }
    }

    private static void digest(
            FileChannel channel, MessageDigest digest, long bytes, long bytesPerSecond, LongConsumer progress)
            throws IOException {
        var began = System.nanoTime();
        var buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (var left = bytes; left > 0; left -= buffer.limit()) {
            buffer.clear().limit((int) Math.min(left, buffer.capacity()));
            readFully(channel, buffer);
            digest.update(buffer.array(), 0, buffer.limit());
            progress.accept(channel.position());
            if (bytesPerSecond > 0) {
                pause(began, (double) channel.position() / bytesPerSecond);
            }
        }
    }

    /** Waits until this many seconds after {@code began}. */
    private static void pause(long began, double seconds) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9) - (System.nanoTime() - began));
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    private static void readFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException notOfThisJdk) {
            throw new IllegalStateException(notOfThisJdk);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
