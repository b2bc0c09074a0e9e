package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.snapshot.Verification;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The copies of this service that nobody needs an identity for. Safe for use by several threads. */
public final class PlainCopies {

    /** Those of a service that makes none. */
    public static final PlainCopies NONE = new PlainCopies(List.of());

    /** A store may list any number of records, and many that are none. */
    private static final int MOST_RECORDS = 100;

    private final List<TargetParts> targets;

    PlainCopies(List<TargetParts> targets) {
        this.targets = List.copyOf(targets);
    }

    /** Whether this service makes none. */
    public boolean none() {
        return targets.isEmpty();
    }

    /**
     * Asks the stores for the newest proven copy, and takes the first that there is.
     *
     * @param newestFirst the snapshots of now, which say whose copies count
     * @param last the target that is asked last; null if that does not matter
     * @return empty if each store answers and has none
     * @throws StoreFailure if no store has one, and one of them cannot be asked
     */
    public Optional<PlainCopy> newest(List<Snapshot> newestFirst, @Nullable Target last) {
        Optional<StoreFailure> failure = Optional.empty();
        for (var target : targets.stream()
                .sorted(Comparator.comparing(one -> one.target() == last))
                .toList()) {
            try {
                var found = newest(target, newestFirst);
                if (found.isPresent()) {
                    return found;
                }
            } catch (StoreFailure notAsked) {
                if (notAsked.code() == StoreFailure.Code.INTERRUPTED) {
                    throw notAsked;
                }
                failure = failure.or(() -> Optional.of(notAsked));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return Optional.empty();
    }

    private static Optional<PlainCopy> newest(TargetParts target, List<Snapshot> newestFirst) {
        var copied = newestFirst.stream().filter(DirectoryView::counts).toList();
        return target.choice()
                .folder(copied)
                .flatMap(folder -> newestNames(target, folder).stream()
                        .flatMap(name -> proven(target, new Folder.Place(folder, name)).stream())
                        .findFirst());
    }

    private static List<SnapshotName> newestNames(TargetParts target, Folder folder) {
        var newest = new TreeSet<SnapshotName>();
        target.store()
                .list(
                        folder.path(),
                        object -> Folder.ofRecord(folder.prefix(), object.key())
                                .filter(place -> place.folder().equals(folder))
                                .ifPresent(place -> {
                                    newest.add(place.name());
                                    if (newest.size() > MOST_RECORDS) {
                                        newest.removeFirst();
                                    }
                                }));
        return List.copyOf(newest.descendingSet());
    }

    private static Optional<PlainCopy> proven(TargetParts target, Folder.Place place) {
        try {
            var record = CopyRecord.read(target.store(), place);
            return record.verification().state() == Verification.State.VERIFIED
                            && record.object().recipients().isEmpty()
                    ? Optional.of(new PlainCopy(target, place, record))
                    : Optional.empty();
        } catch (CopyRefused noRecord) {
            // "offsite latest" passes it over too
            return Optional.empty();
        }
    }
}
