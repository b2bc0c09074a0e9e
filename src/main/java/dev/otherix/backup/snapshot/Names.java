package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names in the directory. They are listed again when the modification time of the directory has changed: each added
 * or removed name sets it, and listing ten thousand names takes long.
 */
final class Names {

    /** Longer than a tick of a file system's clock: a change so soon after another may not change the time. */
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(3);
    /** For file systems that forget to set the time. */
    private static final Duration TRUSTED_FOR = Duration.ofSeconds(30);

    private final Path path;
    private final Disk disk;
    private final Consumer<Listing> onChange;
    private @Nullable Listing last;

    /** @param onChange gets each listing first */
    Names(Path path, Disk disk, Consumer<Listing> onChange) {
        this.path = path;
        this.disk = disk;
        this.onChange = onChange;
    }

    /**
     * What was there at one moment.
     *
     * @param snapshots names of snapshots, newest first; such a name need not belong to a file
     * @param newest the latest time in any name that is, or was, a snapshot's; also of renamed bad ones
     * @param aside those whose damaged record was set aside
     * @param corrupt how many snapshots were renamed as corrupt
     */
    record Listing(
            List<SnapshotName> snapshots,
            Optional<SnapshotName> newest,
            Set<SnapshotName> aside,
            int corrupt,
            FileTime modified,
            Instant listedAt) {

        private boolean holds(FileTime now, Instant at) {
            var settled = modified.toInstant().plus(SETTLED_AFTER).isBefore(listedAt);
            return settled && modified.equals(now) && !at.isBefore(listedAt) && at.isBefore(listedAt.plus(TRUSTED_FOR));
        }
    }

    /** Reports that this process added or removed a name: the time of the directory may not have changed. */
    synchronized void renew() {
        last = null;
    }

    synchronized Listing now() {
        try {
            // before the listing: a change during it makes the next call list again
            var modified = disk.modified(path);
            var at = Instant.now();
            if (last == null || !last.holds(modified, at)) {
                var fresh = listing(disk.list(path), modified, at);
                onChange.accept(fresh);
                last = fresh;
            }
            return last;
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "listing the snapshot directory", broken);
        }
    }

    private static Listing listing(List<String> entries, FileTime modified, Instant at) {
        var newestFirst = entries.stream()
                .distinct()
                .flatMap(entry -> SnapshotName.parse(entry).stream())
                .sorted(Comparator.reverseOrder())
                .toList();
        var newest = entries.stream().flatMap(Names::within).max(Comparator.naturalOrder());
        var aside = ending(".json.damaged", entries).collect(Collectors.toSet());
        var corrupt = (int) ending(".db.corrupt", entries).count();
        return new Listing(newestFirst, newest, aside, corrupt, modified, at);
    }

    private static Stream<SnapshotName> ending(String suffix, List<String> entries) {
        return entries.stream().filter(entry -> entry.endsWith(suffix)).flatMap(Names::within);
    }

    private static Stream<SnapshotName> within(String entry) {
        var stampEnd = entry.indexOf('.');
        return stampEnd < 0 ? Stream.empty() : SnapshotName.parse(entry.substring(0, stampEnd) + ".db").stream();
    }
}
