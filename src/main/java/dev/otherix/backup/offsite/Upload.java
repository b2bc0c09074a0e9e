package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredObject;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.OpenUpload;
import dev.otherix.backup.snapshot.StateNotes;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one file to a store, compressed and encrypted, without a temporary file: one thread reads and encrypts, this
 * one sends. The id of the upload is written down before the first part leaves.
 */
final class Upload {

    private static final int MOST_PARTS = 900;
    private static final long MEBIBYTE = 1 << 20;
    private static final int LARGEST_PART = 1 << 30;
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final ObjectStore store;
    private final Sealing sealing;
    private final StateNotes notes;

    Upload(ObjectStore store, Sealing sealing, StateNotes notes) {
        this.store = store;
        this.sealing = sealing;
        this.notes = notes;
    }

    /** A file to send. */
    interface Source {
        FileChannel open() throws IOException;
    }

    /**
     * What was sent.
     *
     * @param sizeBytes of the object
     * @param sha256 of the object, lower-case hex
     */
    record Sent(StoredObject object, long sizeBytes, String sha256) {}

    /**
     * Sends a file.
     *
     * @param sizeBytes of the file
     * @param sha256 that the file has to have; with another one nothing is stored
     * @param lock that the object is given; null for none
     * @param sent is given the number of bytes of each piece that leaves, and may wait to slow down
     * @throws StoreFailure if the store fails
     * @throws DirectoryFailure if the id of the upload cannot be written down
     * @throws WrongFile if the file cannot be read, or has another content
     */
    Sent send(String key, Source file, long sizeBytes, String sha256, @Nullable ObjectLock lock, LongConsumer sent) {
        var read = new Sha256();
        Sealing.Plain plain = out -> {
            try (var channel = file.open();
                    var in = new Hashed(Channels.newInputStream(channel), read)) {
                in.transferTo(out);
            }
        };
        return send(key, partSize(sizeBytes), plain, () -> requireSame(sha256, read.hex()), lock, sent);
    }

    private static void requireSame(String sha256, String read) {
        if (!sha256.equals(read)) {
            throw new WrongFile("its SHA-256 is " + read + ", that of the snapshot was " + sha256, null);
        }
    }

    /**
     * Sends something small.
     *
     * @param lock that the object is given; null for none
     * @param sent is given the number of bytes of each piece that leaves, and may wait to slow down
     * @throws StoreFailure if the store fails
     * @throws DirectoryFailure if the id of the upload cannot be written down
     */
    Sent send(String key, Sealing.Plain plain, @Nullable ObjectLock lock, LongConsumer sent) {
        return send(key, ObjectStore.Upload.SMALLEST_PART, plain, () -> {}, lock, sent);
    }

    /** @param check of what was read, before it is stored under its key */
    private Sent send(
            String key,
            int partSize,
            Sealing.Plain plain,
            Runnable check,
            @Nullable ObjectLock lock,
            LongConsumer sent) {
        var pipe = new PartPipe(partSize);
        var reading = Thread.ofPlatform()
                .daemon()
                .name("offsite-seal-" + store.target().word())
                .start(() -> seal(plain, pipe));
        var open = new AtomicReference<@Nullable OpenUpload>();
        try (var upload =
                store.begin(key, lock, id -> open.set(writtenDown(new OpenUpload(store.target(), key, id))))) {
            var result = parts(pipe, upload, sent);
            check.run();
            return new Sent(upload.complete(), result.bytes(), result.hex());
        } finally {
            end(reading);
            var id = open.get();
            if (id != null) {
                notes.note(before -> before.without(id));
            }
        }
    }

    /** Equal for all parts of an upload, as some stores demand; so large that no store refuses their number. */
    static int partSize(long sizeBytes) {
        // what does not compress grows a little
        var most = sizeBytes + sizeBytes / 64 + MEBIBYTE;
        var size = Math.ceilDiv(Math.ceilDiv(most, MOST_PARTS), MEBIBYTE) * MEBIBYTE;
        return Math.clamp(size, ObjectStore.Upload.SMALLEST_PART, LARGEST_PART);
    }

    private OpenUpload writtenDown(OpenUpload upload) {
        try {
            notes.noteNow(before -> before.with(upload));
            return upload;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw interrupted(interrupted);
        }
    }

    private static Sha256 parts(PartPipe pipe, ObjectStore.Upload upload, LongConsumer sent) {
        try {
            var sha = new Sha256();
            for (var part = pipe.next(); part.length() > 0; part = pipe.next()) {
                sha.add(part.bytes(), 0, part.length());
                upload.part(part.bytes(), part.length(), sent);
                pipe.release(part);
            }
            return sha;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw interrupted(interrupted);
        }
    }

    private static StoreFailure interrupted(InterruptedException cause) {
        return new StoreFailure(StoreFailure.Code.INTERRUPTED, "interrupted", cause);
    }

    private void seal(Sealing.Plain plain, PartPipe pipe) {
        try {
            sealing.seal(plain, pipe);
            pipe.end();
        } catch (IOException unreadable) {
            pipe.fail(new WrongFile("it cannot be read: " + DirectoryFailure.words(unreadable), unreadable));
        } catch (RuntimeException | Error unforeseen) {
            pipe.fail(new IllegalStateException("reading and encrypting failed: " + unforeseen, unforeseen));
        }
    }

    /** A disk that hangs may keep the thread; it is a daemon, and changes nothing. */
    private static void end(Thread reading) {
        reading.interrupt();
        var interrupted = Thread.interrupted();
        try {
            var _ = reading.join(LONGEST_END);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The local file is not the one that the record describes, or cannot be read. */
    static final class WrongFile extends RuntimeException {

        WrongFile(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private static final class Hashed extends FilterInputStream {

        private final Sha256 sha;

        Hashed(InputStream in, Sha256 sha) {
            super(in);
            this.sha = sha;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            if (count > 0) {
                sha.add(bytes, offset, count);
            }
            return count;
        }
    }
}
