package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.function.LongConsumer;

/** One copy that nobody needs an identity for, by its record. To be fetched by one thread. */
public final class PlainCopy {

    private final TargetParts from;
    private final Folder.Place place;
    private final StoredRecord record;

    PlainCopy(TargetParts from, Folder.Place place, StoredRecord record) {
        this.from = from;
        this.place = place;
        this.record = record;
    }

    public Target target() {
        return from.target();
    }

    /** The key of the object. */
    public String key() {
        return place.folder().object(place.name(), false);
    }

    public SnapshotName name() {
        return place.name();
    }

    /** Of the snapshot's file, as the record says. */
    public long sizeBytes() {
        return record.sizeBytes();
    }

    /** Whether it is of {@code snapshot}, and not of another one with its name. */
    public boolean isOf(Snapshot snapshot) {
        return record.name().equals(snapshot.name()) && record.sha256().equals(snapshot.sha256());
    }

    /**
     * Fetches it, at the rate of its target.
     *
     * @param file there and empty
     * @param progress gets the bytes that were written
     * @throws CopyRefused if it is not what its record says
     * @throws StoreFailure if the store does not answer or refuses, if the copy is in an archive class, or if it was
     *     removed meanwhile
     * @throws dev.otherix.backup.verify.bolt.NotWritten if the disk refuses
     * @throws IOException if the file cannot be opened
     */
    public void fetch(Path file, LongConsumer progress) throws IOException {
        var copy = new StoredCopy(from.store(), place, record, from.traffic().readingUpTo());
        try (var channel = FileChannel.open(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            copy.unpack(Identities.NONE, channel, progress);
        } catch (CopyRefused refused) {
            throw switch (refused.reason()) {
                case ARCHIVED -> failure(StoreFailure.Code.ARCHIVED, refused);
                // a removal begins with the record
                case MISSING ->
                    from.store().find(place.folder().record(name()), null).isEmpty()
                            ? failure(StoreFailure.Code.NO_SUCH_OBJECT, refused)
                            : refused;
                case CHANGED, CLOSED, DIFFERENT, RECORD -> refused;
            };
        }
    }

    private static StoreFailure failure(StoreFailure.Code code, CopyRefused refused) {
        return new StoreFailure(code, String.valueOf(refused.getMessage()), refused);
    }

    /**
     * Proves what was fetched.
     *
     * @param progress gets the bytes that were read
     * @return what its local record would say
     * @throws CopyRefused if it is not what the stored record says
     * @throws IOException if it cannot be read
     */
    public Snapshot proven(Path file, Instant now, LongConsumer progress) throws IOException {
        try (var proof = new SnapshotVerifier().verify(file, SnapshotVerifier.Options.PLAIN, progress)) {
            var fetched = new FetchedSnapshot(record);
            fetched.problem(proof).ifPresent(problem -> {
                throw new CopyRefused(
                        CopyRefused.Reason.DIFFERENT,
                        name() + " is not what its record says: " + problem,
                        "Take another copy. Whoever may write to the store may have planted this one.",
                        null);
            });
            return fetched.snapshot(proof, now);
        }
    }
}
