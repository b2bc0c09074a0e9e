package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.history.NewFile;
import dev.otherix.backup.offsite.FetchedSnapshot;
import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.Identities;
import dev.otherix.backup.offsite.StoredCopy;
import dev.otherix.backup.offsite.StoredRecord;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Fetches one copy: unpacks it to a file without a name, proves that file, compares it with its record, and gives it
 * and its own record their names last. Nothing that exists is overwritten.
 */
final class OffsiteFetch {

    private final PastFiles files;
    private final Clock clock;

    OffsiteFetch(PastFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /**
     * Fetches it.
     *
     * @param caFingerprint of the cluster CA that it has to have
     * @return the file
     * @throws CommandFailure if it cannot be written, or is not what it should be
     * @throws dev.otherix.backup.offsite.CopyRefused if the copy is not what its record says
     * @throws dev.otherix.backup.offsite.store.StoreFailure if the store does not answer, or refuses
     */
    Path to(
            Path directory,
            ObjectStore store,
            Folder.Place place,
            Identities identities,
            Optional<String> caFingerprint) {
        var file = directory.resolve(place.name().toString());
        var record = directory.resolve(place.name().recordFile());
        try {
            var copy = StoredCopy.open(store, place);
            requireCa(copy.record(), caFingerprint);
            removeLeft(file, record, copy.record());
            requireSpace(directory, copy.record());
            try (var made = NewFile.begin(file);
                    var beside = NewFile.begin(record);
                    var _ = new AtExit(() -> {
                        made.abandon();
                        beside.abandon();
                    })) {
                unpack(copy, identities, made.channel(), file);
                beside.write(proven(copy.record(), made, file));
                NewFile.publish(made, beside);
            }
            return file;
        } catch (NotWritten refused) {
            throw notWritten(directory, refused.reason());
        } catch (IOException broken) {
            throw notWritten(directory, broken);
        }
    }

    /** A person who names a CA has it from the card: the record alone is enough to refuse. */
    private static void requireCa(StoredRecord record, Optional<String> wanted) {
        wanted.map(ClusterOptions::fingerprint)
                .filter(ca -> !ca.equals(record.caFingerprint()))
                .ifPresent(ca -> {
                    throw new CommandFailure(
                            record.name() + " has "
                                    + (record.caFingerprint() == null
                                            ? "no cluster CA"
                                            : "the cluster CA " + record.caFingerprint())
                                    + ", not " + OutputFormat.printable(ca),
                            "It is of another cluster. \"otherix-etcd-backup offsite list\" shows the CA of each copy.",
                            null);
                });
    }

    /** The record of a fetch that was killed before the file got its name. */
    private static void removeLeft(Path file, Path record, StoredRecord stored) throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)
                && DirectoryListing.recordOf(file)
                        .filter(left -> stored.sha256().equals(left.sha256()))
                        .isPresent()) {
            Files.deleteIfExists(record);
        }
    }

    private static void requireSpace(Path directory, StoredRecord record) throws IOException {
        var free = Files.getFileStore(directory).getUsableSpace();
        if (free < record.sizeBytes()) {
            throw new CommandFailure(
                    "not enough space in " + directory + ": " + free + " bytes are free, and " + record.name() + " has "
                            + record.sizeBytes(),
                    "Free some space, or name another directory.",
                    null);
        }
    }

    private void unpack(StoredCopy copy, Identities identities, FileChannel channel, Path file) {
        try (var progress = files.progress(file, copy.record().sizeBytes())) {
            copy.unpack(identities, channel, progress::at);
        }
    }

    /** The local record of the file, which is proven. */
    private byte[] proven(StoredRecord record, NewFile made, Path file) {
        try (var progress = files.progress(file, record.sizeBytes());
                var proof = new SnapshotVerifier().verify(made::reopen, SnapshotVerifier.Options.PLAIN, progress::at)) {
            var fetched = new FetchedSnapshot(record);
            fetched.problem(proof).map(OutputFormat::printable).ifPresent(problem -> {
                throw different(record, problem);
            });
            return fetched.localRecord(proof, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read again what was written", unreadable);
        }
    }

    private static CommandFailure different(StoredRecord record, String difference) {
        return new CommandFailure(
                record.name() + " is not what its record says, and got no name: " + difference,
                "Take another copy. Whoever may write to the store may have planted this one.",
                null);
    }

    private static CommandFailure notWritten(Path directory, IOException refused) {
        var reason = switch (refused) {
            case FileAlreadyExistsException there -> there.getFile() + " already exists and is not replaced";
            case AccessDeniedException _ -> "the user " + UnreadableFile.user() + " may not write to " + directory;
            case NoSuchFileException _ -> directory + " does not exist";
            case FileSystemException of when of.getReason() != null -> directory + ": " + of.getReason();
            default -> directory + ": " + refused.getMessage();
        };
        return new CommandFailure(
                "cannot write what is fetched: " + reason + "; nothing was left there",
                refused instanceof FileAlreadyExistsException
                        ? "Name another directory, or move the file away."
                        : "Name a directory with enough space that this user may write to.",
                refused);
    }
}
