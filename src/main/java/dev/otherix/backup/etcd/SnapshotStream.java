package dev.otherix.backup.etcd;

import static dev.otherix.backup.etcd.EtcdFailure.Reason.BROKEN_STREAM;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;

/**
 * Checks the messages of one snapshot stream as they arrive and passes their bytes to the sink.
 *
 * <p>A stream carries the database in chunks, then one message with the SHA-256 of all data, then nothing. The first
 * message announces the size: its chunk plus the remaining bytes. The size is a multiple of 512, and the remaining
 * bytes fall by each chunk's length. Every deviation is a {@link EtcdFailure.Reason#BROKEN_STREAM} that names the
 * values. An empty chunk before the end is one too: a member that cannot read its own database sends them for ever.
 *
 * <p>Not thread-safe, except for its progress: only the transport's thread calls it.
 */
final class SnapshotStream {

    private static final int SECTOR = 512;

    private final String endpoint;
    private final SnapshotSink sink;
    private final StreamLimits limits;
    private final BooleanSupplier abandoned;
    private final MessageDigest digest;
    private final int footerLength;
    private volatile long announced = -1;
    private volatile long remaining;
    private boolean ended;

    /** @param abandoned whether the stream has been abandoned, so that the sink must not be called again */
    SnapshotStream(String endpoint, SnapshotSink sink, StreamLimits limits, BooleanSupplier abandoned) {
        this.endpoint = endpoint;
        this.sink = sink;
        this.limits = limits;
        this.abandoned = abandoned;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
        this.footerLength = digest.getDigestLength();
    }

    void accept(SnapshotMessage message) {
        if (abandoned.getAsBoolean()) {
            return;
        }
        if (announced < 0) {
            announce(message);
        }
        if (ended) {
            throw broken("sent " + message.blobLength() + " more bytes after its footer");
        }
        if (remaining == 0) {
            acceptFooter(message);
        } else {
            acceptData(message);
        }
    }

    /** Called at the clean end of the stream. */
    void finish() {
        if (announced < 0) {
            throw broken("ended without a byte");
        }
        if (remaining > 0) {
            throw broken("ended after " + (announced - remaining) + " of " + announced + " bytes");
        }
        if (!ended) {
            throw broken("ended without its footer, after all " + announced + " bytes");
        }
    }

    /** Returns how many bytes of data the member has announced; 0 before that. Safe on any thread. */
    long announcedBytes() {
        return Math.max(0, announced);
    }

    /** Returns how many bytes of data the sink has taken. Safe on any thread. */
    long takenBytes() {
        var total = announced;
        return total < 0 ? 0 : total - remaining;
    }

    /** Returns the position of the stream, for messages. */
    String position() {
        return announced < 0
                ? "before its first byte"
                : "after " + (announced - remaining) + " of " + announced + " bytes";
    }

    private void announce(SnapshotMessage message) {
        var total = message.remainingBytes() + message.blobLength();
        if (message.remainingBytes() < 0 || total < 0 || total > limits.mostBytes()) {
            throw broken("announced " + Long.toUnsignedString(message.remainingBytes()) + " bytes after its first "
                    + message.blobLength() + ", but its status reports a database of " + limits.memberDbSizeBytes());
        }
        if (total == 0 || total % SECTOR != 0) {
            throw broken("announced " + total + " bytes, which is not a whole number of " + SECTOR + " byte blocks");
        }
        remaining = total;
        // after the remaining bytes: another thread may read both
        announced = total;
        sink.begin(total + footerLength);
    }

    private void acceptData(SnapshotMessage message) {
        if (message.blobLength() == 0) {
            throw broken("sent an empty chunk " + position());
        }
        if (message.blobLength() > remaining) {
            throw broken(
                    "sent " + message.blobLength() + " bytes where " + remaining + " of " + announced + " were left");
        }
        var left = remaining - message.blobLength();
        if (message.remainingBytes() != left) {
            throw broken("says that " + Long.toUnsignedString(message.remainingBytes()) + " bytes remain where " + left
                    + " of " + announced + " do");
        }
        message.blob().forEach(part -> digest.update(part.duplicate()));
        write(message);
        remaining = left;
    }

    private void acceptFooter(SnapshotMessage message) {
        if (message.blobLength() != footerLength || message.remainingBytes() != 0) {
            throw broken(
                    "sent " + message.blobLength() + " bytes with " + Long.toUnsignedString(message.remainingBytes())
                            + " to come, but the footer of " + footerLength + " bytes has to end the stream");
        }
        var sent = new byte[footerLength];
        int at = 0;
        for (var part : message.blob()) {
            var length = part.remaining();
            part.duplicate().get(sent, at, length);
            at += length;
        }
        var computed = digest.digest();
        if (!Arrays.equals(sent, computed)) {
            throw broken("does not match its footer: the data has sha256 " + hex(computed) + ", the footer says "
                    + hex(sent));
        }
        write(message);
        ended = true;
    }

    private void write(SnapshotMessage message) {
        for (var part : message.blob()) {
            if (abandoned.getAsBoolean()) {
                return;
            }
            sink.write(part);
        }
    }

    private EtcdFailure broken(String what) {
        return new EtcdFailure(BROKEN_STREAM, "the snapshot stream of etcd at " + endpoint + " " + what);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
