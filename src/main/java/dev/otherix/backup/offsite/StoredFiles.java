package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The files beside one copy in a store. Their archive has no record, and age does not say who wrote it, so nothing in
 * it is trusted: neither names, nor kinds of entries, nor sizes.
 */
public final class StoredFiles {

    private static final int PIECE = 1 << 16;
    /** What does not compress, encrypted for many. */
    private static final long MOST_STORED = FileArchive.MOST_BYTES + FileArchive.MOST_BYTES / 64 + (1 << 20);

    private final ObjectStore store;
    private final Folder.Place place;
    private final StoredObject object;

    private StoredFiles(ObjectStore store, Folder.Place place, StoredObject object) {
        this.store = store;
        this.place = place;
        this.object = object;
    }

    /**
     * Finds them.
     *
     * @throws CopyRefused if there are none, or they cannot be read at once
     * @throws StoreFailure if the store does not answer, or refuses
     */
    public static StoredFiles find(ObjectStore store, Folder.Place place) {
        var key = place.folder().files(place.name());
        var object = store.find(key, null)
                .orElseThrow(() -> new CopyRefused(
                        CopyRefused.Reason.MISSING,
                        "no files lie beside " + place.name() + ": the store has no " + key,
                        "Leave --files out. \"otherix-etcd-backup offsite list\" shows beside which copies files lie.",
                        null));
        if (object.archived()) {
            throw new CopyRefused(
                    CopyRefused.Reason.ARCHIVED,
                    key + " is in an archive class and cannot be read at once",
                    "Have the store bring it back, then repeat the command.",
                    null);
        }
        if (object.sizeBytes() > MOST_STORED) {
            throw new CopyRefused(
                    CopyRefused.Reason.DIFFERENT,
                    key + " has " + object.sizeBytes() + " bytes, and no files that travel have more than "
                            + MOST_STORED,
                    "Take the files of another copy.",
                    null);
        }
        return new StoredFiles(store, place, object);
    }

    /**
     * Opens them and passes each on, in their order. Whoever takes them may believe them only when this returns.
     *
     * @param each what it throws is passed on
     * @throws CopyRefused if they do not open, or are not what travels beside a copy
     * @throws StoreFailure if the store does not answer, or refuses
     */
    public void unpack(Identities identities, Consumer<IncludedFile> each) {
        if (identities.isEmpty()) {
            throw refused(CopyRefused.Reason.CLOSED, "they are encrypted, and no identity was given", null);
        }
        try (var stored = store.read(object.key(), null, 0, object.sizeBytes())) {
            unpack(identities.opened(stored), each);
        } catch (GeneralSecurityException notOpened) {
            throw refused(CopyRefused.Reason.CLOSED, "none of the identities opens them", notOpened);
        } catch (UnsafeArchive planted) {
            throw refused(
                    CopyRefused.Reason.DIFFERENT,
                    "their archive is not safe to unpack: " + planted.getMessage(),
                    planted);
        } catch (IOException damaged) {
            throw refused(CopyRefused.Reason.DIFFERENT, "their archive is damaged: " + damaged.getMessage(), damaged);
        }
    }

    private static void unpack(InputStream plain, Consumer<IncludedFile> each) throws IOException {
        try (var archive = new Limited(new GZIPInputStream(plain, PIECE))) {
            FileArchive.read(archive, each);
            drain(archive);
            // the last piece of a file of age proves that it is whole
            drain(plain);
        }
    }

    private static void drain(InputStream rest) throws IOException {
        var piece = new byte[PIECE];
        int read;
        do {
            read = rest.read(piece);
        } while (read >= 0);
    }

    private CopyRefused refused(CopyRefused.Reason reason, String problem, @Nullable Throwable cause) {
        return new CopyRefused(
                reason,
                "the files beside " + place.name() + " are not written: " + problem,
                reason == CopyRefused.Reason.CLOSED
                        ? "Give the file with the identity of one of its recipients: --identity FILE."
                        : "Take the files of another copy. Whoever may write to the store may have planted these.",
                cause);
    }

    /** A few bytes can unpack to more than any disk holds. */
    private static final class Limited extends java.io.FilterInputStream {

        private long left = FileArchive.MOST_BYTES;

        Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            var read = super.read(into, from, most);
            left -= Math.max(0, read);
            if (left < 0) {
                throw new IOException("it unpacks to more than any files that travel");
            }
            return read;
        }

        @Override
        public long skip(long bytes) throws IOException {
            // by reading, so that it counts
            long skipped = 0;
            var piece = new byte[PIECE];
            while (skipped < bytes) {
                int read = read(piece, 0, (int) Math.min(piece.length, bytes - skipped));
                if (read < 0) {
                    break;
                }
                skipped += read;
            }
            return skipped;
        }
    }
}
