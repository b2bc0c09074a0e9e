package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.task.Progress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends objects to one target, and proves of each that it lies there as it was sent. */
final class Sending {

    private final ObjectStore store;
    private final Upload upload;
    private final Traffic traffic;

    Sending(ObjectStore store, Upload upload, Traffic traffic) {
        this.store = store;
        this.upload = upload;
        this.traffic = traffic;
    }

    /**
     * Sends the file of a snapshot.
     *
     * @throws StoreFailure if the store fails, or does not return what was sent
     */
    Upload.Sent file(String key, Upload.Source file, Snapshot snapshot, Progress progress) {
        progress.enter("copy");
        progress.expect(snapshot.sizeBytes());
        return proven(
                key,
                upload.send(
                        key,
                        file,
                        snapshot.sizeBytes(),
                        Objects.requireNonNull(snapshot.sha256(), "a verified snapshot has its sha256"),
                        traffic.sending(progress)),
                progress);
    }

    /** The same for something small. */
    Upload.Sent small(String key, Sealing.Plain plain, Progress progress) {
        return proven(key, upload.send(key, plain, traffic.sending(progress)), progress);
    }

    private Upload.Sent proven(String key, Upload.Sent sent, Progress progress) {
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

    /** The SHA-256 of what lies there. */
    String read(String key, @Nullable String version, long sizeBytes, Progress progress) {
        return new ReadBack(store).sha256(key, version, sizeBytes, traffic.reading(progress));
    }
}
