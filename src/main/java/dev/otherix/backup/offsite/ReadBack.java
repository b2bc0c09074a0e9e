package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Reads stored objects back, to compare them with what was sent. A large one in ranges, each with tries of its own. */
final class ReadBack {

    private static final long RANGE = 256L << 20;
    private static final int TRIES = 3;
    private static final int BUFFER = 1 << 16;

    private final ObjectStore store;
    private final long range;

    ReadBack(ObjectStore store) {
        this(store, RANGE);
    }

    /** @param range bytes that one request asks for */
    ReadBack(ObjectStore store, long range) {
        this.store = store;
        this.range = range;
    }

    /**
     * The SHA-256 of a stored object, as it lies there now, in lower-case hex. An object of another size than
     * {@code sizeBytes} gives another one than that of the bytes that were sent.
     *
     * @param read is given the number of bytes of each piece that has come, and may wait to slow down
     * @throws StoreFailure if it is not there, or cannot be read
     */
    String sha256(String key, @Nullable String versionId, long sizeBytes, LongConsumer read) {
        var sha = new Sha256();
        for (long at = 0; at < sizeBytes; at += range) {
            var left = sizeBytes - at;
            // one byte more than there should be, so that a longer object shows
            sha = range(key, versionId, at, left <= range ? left + 1 : range, sha, read);
        }
        return sha.hex();
    }

    /**
     * Whether an object has this SHA-256. If the store knows no such version, the newest is taken: a bucket that was
     * copied has other versions of the same bytes.
     *
     * @param read as with {@link #sha256}
     * @throws StoreFailure if it is not there, or cannot be read
     */
    boolean is(String sha256, String key, @Nullable String versionId, long sizeBytes, LongConsumer read) {
        try {
            return sha256(key, versionId, sizeBytes, read).equals(sha256);
        } catch (StoreFailure failure) {
            if (failure.code() == StoreFailure.Code.NO_SUCH_OBJECT
                    && versionId != null
                    && sha256(key, null, sizeBytes, read).equals(sha256)) {
                return true;
            }
            throw failure;
        }
    }

    private Sha256 range(
            String key, @Nullable String versionId, long from, long length, Sha256 before, LongConsumer read) {
        for (int tries = 1; ; tries++) {
            try {
                return range(key, versionId, from, length, before.copy(), read, store);
            } catch (StoreFailure cutOff) {
                if (cutOff.code() != StoreFailure.Code.UNAVAILABLE || tries == TRIES) {
                    throw cutOff;
                }
            }
        }
    }

    private static Sha256 range(
            String key,
            @Nullable String versionId,
            long from,
            long length,
            Sha256 sha,
            LongConsumer read,
            ObjectStore store) {
        try (var in = store.read(key, versionId, from, length)) {
            drain(in, length, sha, read);
            return sha;
        } catch (IOException cutOff) {
            throw new StoreFailure(
                    StoreFailure.Code.UNAVAILABLE, "reading " + key + " was cut off: " + cutOff.getMessage(), cutOff);
        }
    }

    /** Fewer bytes than asked for are no failure: their hash differs. More are never taken. */
    private static void drain(InputStream in, long length, Sha256 sha, LongConsumer read) throws IOException {
        var buffer = new byte[BUFFER];
        long left = length;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                return;
            }
            sha.add(buffer, 0, count);
            left -= count;
            read.accept(count);
        }
    }
}
