package dev.otherix.backup.snapshot;

import static java.util.Comparator.comparing;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The newest verified snapshot of an earlier lineage is held, for the newest lineages, for the one with the most live
 * keys, and for those with a pinned snapshot. So a cluster that is rebuilt again and again keeps no more than these.
 */
public final class EarlierLineages {

    /** How many of the newest earlier lineages are held. */
    static final int NEWEST = 5;

    private EarlierLineages() {}

    /**
     * The snapshots to hold.
     *
     * @param newestFirst all of them, each with the lineage that the revisions show ({@link Lineage#corrected})
     * @param keptAnyway whether one is kept for another reason
     */
    public static Collection<Snapshot> held(List<Snapshot> newestFirst, Predicate<Snapshot> keptAnyway) {
        if (newestFirst.isEmpty()) {
            return List.of();
        }
        var current = newestFirst.getFirst().lineage();
        var newestOf = new LinkedHashMap<SnapshotName, Snapshot>();
        newestFirst.stream()
                .filter(snapshot -> snapshot.verified() && !snapshot.lineage().equals(current))
                .forEach(snapshot -> newestOf.putIfAbsent(snapshot.lineage(), snapshot));
        var held = newestOf.keySet().stream().limit(NEWEST).collect(Collectors.toCollection(HashSet::new));
        newestFirst.stream().filter(Snapshot::pinned).map(Snapshot::lineage).forEach(held::add);
        // only snapshots that are kept anyway, and the newest, are counted: so the next decision is the same
        newestFirst.stream()
                .filter(snapshot -> snapshot.liveKeys() != null)
                .filter(snapshot -> isCounted(snapshot, newestOf.get(snapshot.lineage()), keptAnyway))
                .max(comparing(Snapshot::liveKeys))
                .map(Snapshot::lineage)
                .ifPresent(held::add);
        return newestOf.values().stream()
                .filter(snapshot -> held.contains(snapshot.lineage()))
                .toList();
    }

    private static boolean isCounted(Snapshot snapshot, @Nullable Snapshot newest, Predicate<Snapshot> keptAnyway) {
        return newest != null
                && (snapshot.name().equals(newest.name()) || snapshot.verified() && keptAnyway.test(snapshot));
    }
}
