package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Makes one copy at one target, step by step: the object, the proof that it lies there as it was sent, the same for the
 * files beside it, and only then the record that makes it a copy. A crash after any step leaves no copy, or a whole and
 * proven one.
 */
final class Copying {

    private final SnapshotDirectory directory;
    private final ObjectStore store;
    private final Sealing sealing;
    private final Sending sending;
    private final FilesBeside beside;
    private final StoreSight sight;
    private final Clock clock;

    Copying(
            SnapshotDirectory directory,
            ObjectStore store,
            Sealing sealing,
            Sending sending,
            FilesBeside beside,
            StoreSight sight,
            Clock clock) {
        this.directory = directory;
        this.store = store;
        this.sealing = sealing;
        this.sending = sending;
        this.beside = beside;
        this.sight = sight;
        this.clock = clock;
    }

    /** Looks at the files that travel beside each copy, so that what is wrong with them shows before the next one. */
    void lookAtFiles() {
        beside.look();
    }

    /**
     * Copies {@code snapshot} into {@code folder}.
     *
     * @return the copy, which lies there proven; its local record may be gone
     * @throws StoreFailure if the store fails, or does not return what was sent
     * @throws NotCopied if this snapshot cannot be copied; others can
     * @throws DirectoryFailure if what has to outlive a crash cannot be written down
     */
    Copy copy(Snapshot snapshot, Folder folder, Progress progress) {
        progress.enter("look");
        sight.look(folder);
        sight.requireOwn(snapshot, folder);
        var stored = sight.has(folder, folder.record(snapshot.name()))
                ? found(snapshot, folder, progress)
                : made(snapshot, folder, progress);
        sight.add(folder, snapshot.name(), stored.sizeBytes());
        var copy = new Copy(
                store.target(),
                stored.key(),
                stored.copiedAt(),
                stored.sizeBytes(),
                stored.sha256(),
                stored.versionId(),
                null,
                Copy.State.COPIED);
        // one that was pruned, or set aside as corrupt, meanwhile has no record to note it in
        var _ = directory.note(snapshot.name(), copy);
        return copy;
    }

    private StoredRecord.StoredBytes made(Snapshot snapshot, Folder folder, Progress progress) {
        var lock = sending.locking().now();
        canary(folder);
        var key = folder.object(snapshot.name(), sealing.encrypts());
        var sent = sending.file(key, () -> directory.open(snapshot.name()), snapshot, lock, progress);
        beside.put(folder, snapshot.name(), lock);
        var stored = new StoredRecord.StoredBytes(
                key,
                sent.sizeBytes(),
                sent.sha256(),
                sent.object().versionId(),
                sealing.recipients().map(Recipients::fingerprints).orElseGet(List::of),
                lock,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        // as it is now: it may have been pinned meanwhile
        var now = directory.find(snapshot.name()).filter(Snapshot::verified).orElse(snapshot);
        return committed(snapshot, folder, StoredRecord.of(now, stored), progress);
    }

    private StoredRecord.StoredBytes committed(
            Snapshot snapshot, Folder folder, StoredRecord record, Progress progress) {
        var key = folder.record(snapshot.name());
        sight.expect(key);
        try {
            sending.record(key, record.json(), record.object().lock());
            return record.object();
        } catch (StoreFailure refused) {
            if (refused.code() != StoreFailure.Code.EXISTS) {
                throw refused;
            }
            // it appeared since the look, or the answer to an earlier try was lost
            return found(snapshot, folder, progress);
        }
    }

    /** A record of an earlier process, or of this one where the local record could not be written. */
    private StoredRecord.StoredBytes found(Snapshot snapshot, Folder folder, Progress progress) {
        var key = folder.record(snapshot.name());
        var there = sight.record(key).orElseThrow(() -> sight.otherWriter(key, "cannot be read"));
        var object = there.object();
        if (!there.sha256().equals(snapshot.sha256())
                || !folder.nameOf(object.key()).equals(Optional.of(snapshot.name()))) {
            throw sight.otherWriter(key, "is of another file");
        }
        progress.enter("read_back");
        progress.expect(object.sizeBytes());
        try {
            if (!sending.isThere(object, progress)) {
                throw new NotCopied(
                        NotCopied.Why.STORED_OBJECT,
                        object.key() + " in " + store.place() + " is not what its record " + key + " says; remove both"
                                + " by hand, and it is copied again");
            }
            locked(folder, snapshot.name(), object);
            return object;
        } catch (StoreFailure failure) {
            throw switch (failure.code()) {
                case NO_SUCH_OBJECT ->
                    new NotCopied(
                            NotCopied.Why.STORED_OBJECT,
                            object.key() + " is not in " + store.place() + ", but its record " + key
                                    + " is; remove the record by hand, and it is copied again",
                            failure);
                case ARCHIVED ->
                    new NotCopied(
                            NotCopied.Why.STORED_OBJECT,
                            object.key() + " is in an archive class in " + store.place()
                                    + ", so it cannot be read back; have the store bring it back",
                            failure);
                default -> failure;
            };
        }
    }

    /** The process that made it may have died before it was locked, or had other settings. */
    private void locked(Folder folder, SnapshotName name, StoredRecord.StoredBytes object) {
        var locking = sending.locking();
        var lock = locking.from(object.copiedAt());
        if (lock != null) {
            // a bucket that was copied has other versions
            var known = store.find(object.key(), object.versionId()).isPresent();
            locking.proven(object.key(), known ? object.versionId() : null, lock);
            locking.proven(folder.record(name), null, lock);
            store.find(folder.files(name), null)
                    .ifPresent(files -> locking.proven(files.key(), files.versionId(), lock));
        }
    }

    private void canary(Folder folder) {
        sealing.recipients().ifPresent(recipients -> {
            var key = folder.canary(recipients);
            if (store.find(key, null).isEmpty()) {
                store.put(key, sealing.encrypt(Canary.TEXT), false);
            }
        });
    }
}
