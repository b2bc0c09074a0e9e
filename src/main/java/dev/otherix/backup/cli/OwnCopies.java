package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The copies that the records of this host know: those of its service.
 *
 * @param records by the key of the copy at one target
 * @param memberId of the member that the newest snapshot was taken from
 */
record OwnCopies(Map<String, Snapshot> records, Optional<String> memberId) {

    static final OwnCopies NONE = new OwnCopies(Map.of(), Optional.empty());

    /**
     * Reads them.
     *
     * @param directory of the service's snapshots; empty or missing: there are none
     * @throws CommandFailure if this user may not read it
     */
    static OwnCopies of(Optional<Path> directory, Target target) {
        if (directory.filter(Files::isDirectory).isEmpty()) {
            return NONE;
        }
        try {
            var listing = DirectoryListing.of(directory.get());
            if (!listing.readable()) {
                throw unreadable(directory.get(), null);
            }
            var snapshots = listing.newestFirst().toList();
            var records = new HashMap<String, Snapshot>();
            snapshots.forEach(snapshot -> snapshot.copy(target).ifPresent(copy -> records.put(copy.key(), snapshot)));
            return new OwnCopies(
                    records,
                    snapshots.stream()
                            .map(Snapshot::etcd)
                            .filter(Objects::nonNull)
                            .map(etcd -> etcd.memberId())
                            .findFirst());
        } catch (DirectoryFailure failure) {
            throw unreadable(directory.get(), failure);
        }
    }

    /** The record that knows the copy at {@code place}. */
    Optional<Snapshot> record(Folder.Place place) {
        return Optional.ofNullable(records.get(place.folder().object(place.name(), true)))
                .or(() -> Optional.ofNullable(records.get(place.folder().object(place.name(), false))));
    }

    private static CommandFailure unreadable(Path directory, @Nullable DirectoryFailure cause) {
        return new CommandFailure(
                "cannot read the snapshots in " + directory + ", so it is not known which copies are of this host",
                "Run the command with sudo, or name the store with --from.",
                ExitCode.USAGE,
                cause);
    }
}
