package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One copy in a store, read back: the stored bytes against its record, and what they unpack to against it too. Nothing
 * is read or unpacked beyond the sizes of the record.
 */
public final class StoredCopy {

    private static final int PIECE = 1 << 16;

    private final ObjectStore store;
    private final Folder.Place place;
    private final StoredRecord record;
    private final LongConsumer fetched;

    /** @param fetched gets how many bytes of the object have been read to unpack it, and may wait to slow down */
    StoredCopy(ObjectStore store, Folder.Place place, StoredRecord record, LongConsumer fetched) {
        this.store = store;
        this.place = place;
        this.record = record;
        this.fetched = fetched;
    }

    /**
     * Finds a copy by its record.
     *
     * @throws CopyRefused if there is none, or its record cannot be used
     */
    public static StoredCopy open(ObjectStore store, Folder.Place place) {
        return new StoredCopy(store, place, CopyRecord.read(store, place), _ -> {});
    }

    public StoredRecord record() {
        return record;
    }

    /** Whether an identity is needed to open it. */
    public boolean encrypted() {
        return !record.object().recipients().isEmpty();
    }

    /**
     * Reads it back.
     *
     * @param progress gets the bytes of the object that were read
     * @throws CopyRefused if it is not there, or was changed
     */
    public void readBack(LongConsumer progress) {
        try (var object = ObjectBytes.open(store, place, record, progress)) {
            object.requireSame();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /**
     * Like the other method, into a file.
     *
     * @throws NotWritten if the disk refuses
     */
    public void unpack(Identities identities, FileChannel file, LongConsumer progress) {
        unpack(identities, piece -> write(piece, file), progress);
    }

    private static void write(ByteBuffer piece, FileChannel file) {
        try {
            while (piece.hasRemaining()) {
                file.write(piece);
            }
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }

    /**
     * Reads it back, opens it, and passes the snapshot's bytes on.
     *
     * @param to what it throws is passed on; it takes all of each piece
     * @param progress gets the bytes of the snapshot that were unpacked
     * @throws CopyRefused if it is not there, was changed, does not open, or holds something else than the snapshot
     */
    public void unpack(Identities identities, Consumer<ByteBuffer> to, LongConsumer progress) {
        if (encrypted() && identities.isEmpty()) {
            throw closed("it is encrypted, and no identity was given", null);
        }
        try (var object = ObjectBytes.open(store, place, record, fetched)) {
            var problem = problem(object, identities, to, progress);
            // a changed object explains whatever else was found
            object.requireSame();
            if (problem != null) {
                throw problem;
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private @Nullable CopyRefused problem(
            ObjectBytes object, Identities identities, Consumer<ByteBuffer> to, LongConsumer progress) {
        try {
            var kept = new KeptOpen(object);
            return unpacked(encrypted() ? identities.opened(kept) : kept, to, progress);
        } catch (GeneralSecurityException notOpened) {
            return closed("none of the identities opens it", notOpened);
        } catch (IOException damaged) {
            return different("it is damaged: " + damaged.getMessage(), damaged);
        }
    }

    /** The rest of an object is read after what it unpacks to. */
    private static final class KeptOpen extends FilterInputStream {

        private KeptOpen(ObjectBytes object) {
            super(object);
        }

        @Override
        public void close() {
            // whoever opened it closes it
        }
    }

    private @Nullable CopyRefused unpacked(InputStream plain, Consumer<ByteBuffer> to, LongConsumer progress)
            throws IOException {
        var sha256 = new Sha256();
        var piece = new byte[PIECE];
        try (var gunzip = new GZIPInputStream(plain, PIECE)) {
            int read;
            while ((read = gunzip.read(piece)) > 0) {
                sha256.add(piece, 0, read);
                if (sha256.bytes() > record.sizeBytes()) {
                    return different(
                            "it unpacks to more than the " + record.sizeBytes() + " bytes that its record says", null);
                }
                to.accept(ByteBuffer.wrap(piece, 0, read));
                progress.accept(sha256.bytes());
            }
            // the last piece of a file of age proves that it is whole
            while (plain.read(piece) >= 0) {
                // nothing that counts comes after the end of gzip
            }
        }
        var found = sha256.hex();
        return found.equals(record.sha256())
                ? null
                : different("it unpacks to SHA-256 " + found + ", and its record says " + record.sha256(), null);
    }

    private CopyRefused closed(String problem, @Nullable Throwable cause) {
        return new CopyRefused(
                CopyRefused.Reason.CLOSED,
                place.name() + " does not open: " + problem + ". It is for the recipients "
                        + String.join(", ", record.object().recipients()),
                "Give the file with the identity of one of them: --identity FILE.",
                cause);
    }

    private CopyRefused different(String problem, @Nullable Throwable cause) {
        return new CopyRefused(
                CopyRefused.Reason.DIFFERENT,
                place.name() + " is not what its record says: " + problem,
                "Take another copy.",
                cause);
    }
}
