package dev.otherix.backup.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * The last 32 bytes of a snapshot: the SHA-256 of all before them. They have no mark of their own; what has them is a file whose
 * length modulo 512 is 32, because the database before them is whole pages (etcd: api/etcdserverpb/rpc.proto, SnapshotResponse;
 * etcdutl/snapshot/v3_snapshot.go).
 */
public final class IntegrityFooter {

    /** Length of the footer in bytes. */
    public static final int BYTES = 32;

    private static final int PAGE_FRACTION = 512;
    private static final int BUFFER_BYTES = 1 << 20;

    private IntegrityFooter() {}

    /**
     * What a file's footer says of it.
     *
     * @param passed whether there is a footer and the data's SHA-256 is the one in it
     * @param detail what is wrong, empty where it passed
     * @param sizeBytes of the file, as read
     * @param fileSha256 SHA-256 of the whole file in lower-case hex
     */
    public record Result(boolean passed, String detail, long sizeBytes, String fileSha256) {}

    /** Reads {@code file} once from end to end. A link is not followed. */
    public static Result check(Path file) throws IOException {
        try (var channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long size = channel.size();
            if (size % PAGE_FRACTION != BYTES || size == BYTES) {
                var whole = sha256();
                digest(channel, whole, size);
                return new Result(false, "no footer: " + size + " bytes are not whole pages and 32 bytes", size, hex(whole.digest()));
            }
            var data = sha256();
            digest(channel, data, size - BYTES);
            var whole = copy(data);
            var footer = ByteBuffer.allocate(BYTES);
            readFully(channel, footer);
            whole.update(footer.array());
            byte[] actual = data.digest();
            boolean passed = MessageDigest.isEqual(actual, footer.array());
            return new Result(passed, passed ? "" : "the footer says SHA-256 " + hex(footer.array()) + ", the data has " + hex(actual),
                    size, hex(whole.digest()));
        }
    }

    private static void digest(FileChannel channel, MessageDigest digest, long bytes) throws IOException {
        var buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long left = bytes; left > 0; left -= buffer.limit()) {
            buffer.clear().limit((int) Math.min(left, buffer.capacity()));
            readFully(channel, buffer);
            digest.update(buffer.array(), 0, buffer.limit());
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
