package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.task.Progress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends objects to one target, and proves of each that it lies there as it was sent, and locked if it is to be. */
final class Sending {

    private final ObjectStore store;
    private final Upload upload;
    private final Traffic traffic;
    private final Locking locking;

    Sending(ObjectStore store, Upload upload, Traffic traffic, Locking locking) {
        this.store = store;
        this.upload = upload;
        this.traffic = traffic;
        this.locking = locking;
    }

    Locking locking() {
        return locking;
    }

    /**
     * Sends the file of a snapshot.
     *
     * @param lock that the object gets; null for none
     * @throws StoreFailure if the store fails, or does not return what was sent
     */
    Upload.Sent file(String key, Upload.Source file, Snapshot snapshot, @Nullable ObjectLock lock, Progress progress) {
        progress.enter("copy");
        progress.expect(snapshot.sizeBytes());
        return proven(
                key,
                upload.send(
                        key,
                        file,
                        snapshot.sizeBytes(),
                        Objects.requireNonNull(snapshot.sha256(), "a verified snapshot has its sha256"),
                        lock,
                        traffic.sending(progress)),
                lock,
                progress);
    }

    /** The same for something small. */
    Upload.Sent small(String key, Sealing.Plain plain, @Nullable ObjectLock lock, Progress progress) {
        return proven(key, upload.send(key, plain, lock, traffic.sending(progress)), lock, progress);
    }

    private Upload.Sent proven(String key, Upload.Sent sent, @Nullable ObjectLock lock, Progress progress) {
        locking.proven(key, sent.object().versionId(), lock);
        progress.enter("read_back");
        progress.expect(sent.sizeBytes());
        var read = read(key, sent.object().versionId(), sent.sizeBytes(), progress);
        if (!read.equals(sent.sha256())) {
            throw new StoreFailure(
                    StoreFailure.Code.REFUSED,
                    store.place() + " does not return what was sent: " + key + " has the SHA-256 " + read
                            + ", and what was sent has " + sent.sha256()
                            + "; check the store, and what is between it and"
                            + " this host",
                    null);
        }
        return sent;
    }

    /** Puts a record that is not there yet. Nothing but its lock has to be proven: what cannot be read is no record. */
    void record(String key, byte[] json, @Nullable ObjectLock lock) {
        var put = store.put(key, json, true, lock);
        locking.proven(key, put.versionId(), lock);
    }

    /** Whether what lies there is what a record says. */
    boolean isThere(StoredRecord.StoredBytes object, Progress progress) {
        return new ReadBack(store)
                .is(object.sha256(), object.key(), object.versionId(), object.sizeBytes(), traffic.reading(progress));
    }

    private String read(String key, @Nullable String version, long sizeBytes, Progress progress) {
        return new ReadBack(store).sha256(key, version, sizeBytes, traffic.reading(progress));
    }
}
