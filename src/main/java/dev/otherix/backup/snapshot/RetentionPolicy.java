package dev.otherix.backup.snapshot;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which snapshots are kept and why: a pure function of what is there. Scheduled and requested ones are counted apart, so that a
 * pipeline of requests cannot push out the history. A file that nobody has looked at yet is neither counted nor removed.
 *
 * @param scheduled how many of the newest scheduled ones are kept; 0 keeps all
 * @param onDemand how many of the newest requested ones are kept; 0 keeps all
 */
public record RetentionPolicy(int scheduled, int onDemand) {

    /**
     * What to do with each snapshot.
     *
     * @param kept the snapshots that stay, newest first, each with its reasons
     * @param removed the snapshots that go, oldest first
     */
    public record Decision(List<Snapshot> kept, List<Snapshot> removed) {}

    /** Decides on {@code snapshots}, given in any order. */
    public Decision decide(List<Snapshot> snapshots) {
        var newestFirst = snapshots.stream().sorted(comparing(Snapshot::name, reverseOrder())).toList();
        var reasons = new TreeMap<SnapshotName, Set<KeptBecause>>(reverseOrder());
        newestFirst.forEach(snapshot -> reasons.put(snapshot.name(), EnumSet.noneOf(KeptBecause.class)));

        keepNewest(newestFirst, scheduled, Snapshot::verified, s -> s.trigger() != Trigger.REQUEST, KeptBecause.NEWEST, reasons);
        keepNewest(newestFirst, onDemand, Snapshot::verified, s -> s.trigger() == Trigger.REQUEST, KeptBecause.REQUESTED, reasons);
        keepNewest(newestFirst, 1, Snapshot::verified, any -> true, KeptBecause.LATEST, reasons);
        keepNewest(newestFirst, 1, Snapshot::verified, Snapshot::linearizable, KeptBecause.LATEST_LINEARIZABLE, reasons);
        keepEarlierLineages(newestFirst, reasons);
        for (var snapshot : newestFirst) {
            if (snapshot.pinned()) {
                reasons.get(snapshot.name()).add(KeptBecause.PINNED);
            }
            if (snapshot.keptBecause().contains(KeptBecause.DAMAGED_RECORD)) {
                reasons.get(snapshot.name()).add(KeptBecause.DAMAGED_RECORD);
            }
        }
        return split(newestFirst, reasons);
    }

    private static void keepNewest(List<Snapshot> newestFirst, int count, Predicate<Snapshot> known, Predicate<Snapshot> wanted,
            KeptBecause reason, SequencedMap<SnapshotName, Set<KeptBecause>> reasons) {
        newestFirst.stream().filter(known.and(wanted)).limit(count == 0 ? Long.MAX_VALUE : count)
                .forEach(snapshot -> reasons.get(snapshot.name()).add(reason));
    }

    private static void keepEarlierLineages(List<Snapshot> newestFirst, SequencedMap<SnapshotName, Set<KeptBecause>> reasons) {
        if (newestFirst.isEmpty()) {
            return;
        }
        var seen = new HashSet<SnapshotName>();
        var current = newestFirst.getFirst().lineage();
        for (var snapshot : newestFirst) {
            if (snapshot.verified() && !snapshot.lineage().equals(current) && seen.add(snapshot.lineage())) {
                reasons.get(snapshot.name()).add(KeptBecause.LINEAGE);
            }
        }
    }

    private static Decision split(List<Snapshot> newestFirst, SequencedMap<SnapshotName, Set<KeptBecause>> reasons) {
        var kept = new ArrayList<Snapshot>();
        var removed = new ArrayList<Snapshot>();
        for (var snapshot : newestFirst) {
            var why = reasons.get(snapshot.name());
            if (why.isEmpty() && snapshot.verified()) {
                removed.addFirst(snapshot);
            } else {
                kept.add(snapshot.withKeptBecause(List.copyOf(why)));
            }
        }
        return new Decision(List.copyOf(kept), List.copyOf(removed));
    }
}
