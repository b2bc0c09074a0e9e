package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a stored object, against those of its record. At most as many are read as the record says, and only when
 * all were read is it known whether they are the same.
 */
final class ObjectBytes extends InputStream {

    private static final int PIECE = 1 << 16;
    private static final int TRIES = 3;

    private final ObjectStore store;
    private final String key;
    private final @Nullable String version;
    private final StoredRecord.StoredBytes recorded;
    private final LongConsumer progress;
    private final Sha256 sha256 = new Sha256();
    private InputStream in;
    private int tries;

    private ObjectBytes(
            ObjectStore store,
            String key,
            @Nullable String version,
            StoredRecord.StoredBytes recorded,
            LongConsumer progress) {
        this.store = store;
        this.key = key;
        this.version = version;
        this.recorded = recorded;
        this.progress = progress;
        this.in = store.read(key, version, 0, recorded.sizeBytes());
    }

    /**
     * Opens the object.
     *
     * @param progress gets the bytes that were read
     * @throws CopyRefused if it is not there, or its size differs, or it cannot be read at once
     */
    static ObjectBytes open(ObjectStore store, Folder.Place place, StoredRecord record, LongConsumer progress) {
        var recorded = record.object();
        var key = place.folder().object(place.name(), !recorded.recipients().isEmpty());
        var version = recorded.versionId();
        var found = store.find(key, version);
        if (found.isEmpty() && version != null) {
            // a bucket that was copied has other versions of the same bytes
            version = null;
            found = store.find(key, null);
        }
        var object = found.orElseThrow(() -> missing(key));
        if (object.archived()) {
            throw new CopyRefused(
                    CopyRefused.Reason.ARCHIVED,
                    key + " is in an archive class and cannot be read at once",
                    "Have the store bring it back, then repeat the command.",
                    null);
        }
        if (object.sizeBytes() != recorded.sizeBytes()) {
            throw changed(key, "it has " + object.sizeBytes() + " bytes, and its record says " + recorded.sizeBytes());
        }
        return new ObjectBytes(store, key, version, recorded, progress);
    }

    private static CopyRefused missing(String key) {
        return new CopyRefused(
                CopyRefused.Reason.MISSING,
                "the store has the record, and not " + key,
                "Take another copy. \"otherix-etcd-backup offsite list\" shows what is there.",
                null);
    }

    private static CopyRefused changed(String key, String problem) {
        return new CopyRefused(
                CopyRefused.Reason.CHANGED, key + " was changed: " + problem, "Take another copy.", null);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        if (sha256.bytes() == recorded.sizeBytes()) {
            return -1;
        }
        var read = next(into, from, (int) Math.min(most, recorded.sizeBytes() - sha256.bytes()));
        sha256.add(into, from, read);
        progress.accept(sha256.bytes());
        return read;
    }

    /** Goes on where a connection was cut. */
    private int next(byte[] into, int from, int most) throws IOException {
        while (true) {
            try {
                var read = in.read(into, from, most);
                if (read > 0) {
                    tries = 0;
                    return read;
                }
                throw new StoreFailure(
                        StoreFailure.Code.UNAVAILABLE,
                        "the store sent " + sha256.bytes() + " of the " + recorded.sizeBytes() + " bytes of " + key
                                + ". Repeat the command",
                        null);
            } catch (StoreFailure cutOff) {
                if (cutOff.code() != StoreFailure.Code.UNAVAILABLE || ++tries == TRIES) {
                    throw cutOff;
                }
                in.close();
                in = store.read(key, version, sha256.bytes(), recorded.sizeBytes() - sha256.bytes());
            }
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /**
     * Reads what is left.
     *
     * @throws CopyRefused if the bytes are not those of the record
     * @throws StoreFailure if the store cuts them off
     */
    void requireSame() throws IOException {
        var rest = new byte[PIECE];
        int read;
        do {
            read = read(rest, 0, rest.length);
        } while (read >= 0);
        var found = sha256.hex();
        if (!found.equals(recorded.sha256())) {
            throw changed(key, "its SHA-256 is " + found + ", and its record says " + recorded.sha256());
        }
    }
}
