package dev.otherix.backup.snapshot;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Decides which snapshots are kept and why: a pure function of the files and their records. Scheduled and requested
 * ones are counted separately, so that many requests cannot push out the history. A file that has not been checked yet
 * is neither counted nor removed.
 *
 * @param scheduled how many of the newest scheduled ones are kept; 0 keeps all
 * @param onDemand how many of the newest requested ones are kept; 0 keeps all
 * @param within how much older than the newest verified one a scheduled one is kept whatever their number; zero = none
 * @param uncopied which ones are kept until they are copied off-site
 */
public record RetentionPolicy(int scheduled, int onDemand, Duration within, Uncopied uncopied) {

    /** Without regard to age. */
    public RetentionPolicy(int scheduled, int onDemand) {
        this(scheduled, onDemand, Duration.ZERO);
    }

    /** Without regard to off-site copies. */
    public RetentionPolicy(int scheduled, int onDemand, Duration within) {
        this(scheduled, onDemand, within, Uncopied.NONE);
    }

    /** The same, where fewer that are not copied yet are kept. */
    public RetentionPolicy keepingUncopied(int most) {
        return new RetentionPolicy(scheduled, onDemand, within, uncopied.keeping(most));
    }

    /**
     * What to do with each snapshot.
     *
     * @param kept the kept snapshots, newest first, each with its reasons and with the lineage that the revisions show
     * @param removed the snapshots to remove, oldest first
     */
    public record Decision(List<Snapshot> kept, List<Snapshot> removed) {}

    /** Decides on {@code snapshots}, given in any order. */
    public Decision decide(List<Snapshot> snapshots) {
        var newestFirst = Lineage.corrected(snapshots.stream()
                .sorted(comparing(Snapshot::name, reverseOrder()))
                .toList());
        var reasons = new TreeMap<SnapshotName, Set<KeptBecause>>(reverseOrder());
        newestFirst.forEach(snapshot -> reasons.put(snapshot.name(), EnumSet.noneOf(KeptBecause.class)));

        keepNewest(
                newestFirst,
                scheduled,
                Snapshot::verified,
                s -> s.trigger() != Trigger.REQUEST,
                KeptBecause.NEWEST,
                reasons);
        keepNewest(
                newestFirst,
                onDemand,
                Snapshot::verified,
                s -> s.trigger() == Trigger.REQUEST,
                KeptBecause.REQUESTED,
                reasons);
        keepNewest(newestFirst, 1, Snapshot::verified, any -> true, KeptBecause.LATEST, reasons);
        keepNewest(
                newestFirst, 1, Snapshot::verified, Snapshot::linearizable, KeptBecause.LATEST_LINEARIZABLE, reasons);
        keepTheYoung(newestFirst, reasons);
        keepThoseBeforeALoss(newestFirst, reasons);
        newestFirst.stream()
                .filter(uncopied::waits)
                .limit(1L + uncopied.besides())
                .forEach(snapshot -> of(snapshot, reasons).add(KeptBecause.NOT_OFFSITE));
        for (var snapshot : newestFirst) {
            if (snapshot.pinned()) {
                of(snapshot, reasons).add(KeptBecause.PINNED);
            }
            if (snapshot.keptBecause().contains(KeptBecause.DAMAGED_RECORD)) {
                of(snapshot, reasons).add(KeptBecause.DAMAGED_RECORD);
            }
        }
        EarlierLineages.held(newestFirst, snapshot -> !of(snapshot, reasons).isEmpty())
                .forEach(snapshot -> of(snapshot, reasons).add(KeptBecause.LINEAGE));
        return split(newestFirst, reasons);
    }

    private static void keepNewest(
            List<Snapshot> newestFirst,
            int count,
            Predicate<Snapshot> known,
            Predicate<Snapshot> wanted,
            KeptBecause reason,
            SequencedMap<SnapshotName, Set<KeptBecause>> reasons) {
        newestFirst.stream()
                .filter(known.and(wanted))
                .limit(count == 0 ? Long.MAX_VALUE : count)
                .forEach(snapshot -> of(snapshot, reasons).add(reason));
    }

    /** Ages count from the newest one, not from now: a clock that is wrong must not remove what it took for old. */
    private void keepTheYoung(List<Snapshot> newestFirst, SequencedMap<SnapshotName, Set<KeptBecause>> reasons) {
        if (within.isZero()) {
            return;
        }
        newestFirst.stream()
                .filter(Snapshot::verified)
                .findFirst()
                .map(newest -> newest.createdAt().minus(within))
                .ifPresent(oldest -> newestFirst.stream()
                        .filter(snapshot -> snapshot.verified() && snapshot.trigger() != Trigger.REQUEST)
                        .filter(snapshot -> !snapshot.createdAt().isBefore(oldest))
                        .forEach(snapshot -> of(snapshot, reasons).add(KeptBecause.WITHIN)));
    }

    /**
     * A snapshot is held when a later one has at most half its live keys. From then on its record holds it, because the
     * later one may be gone. Of several such snapshots the newest is held, and each older one with twice the live keys
     * of the last. So a loss in several steps keeps the state before each step, and no history keeps more than about
     * twenty.
     */
    private static void keepThoseBeforeALoss(
            List<Snapshot> newestFirst, SequencedMap<SnapshotName, Set<KeptBecause>> reasons) {
        var fewestLater = Long.MAX_VALUE;
        long atLeast = 1;
        for (var snapshot : newestFirst) {
            if (snapshot.liveKeys() == null || !snapshot.verified()) {
                continue;
            }
            long keys = snapshot.liveKeys();
            var fell = fewestLater <= keys / 2 || snapshot.keptBecause().contains(KeptBecause.SHRUNK);
            if (fell && keys >= atLeast) {
                of(snapshot, reasons).add(KeptBecause.SHRUNK);
                atLeast = 2 * keys;
            }
            fewestLater = Math.min(fewestLater, keys);
        }
    }

    private static Set<KeptBecause> of(Snapshot snapshot, SequencedMap<SnapshotName, Set<KeptBecause>> reasons) {
        return Objects.requireNonNull(reasons.get(snapshot.name()), "each snapshot has its reasons, perhaps none");
    }

    private static Decision split(List<Snapshot> newestFirst, SequencedMap<SnapshotName, Set<KeptBecause>> reasons) {
        var kept = new ArrayList<Snapshot>();
        var removed = new ArrayList<Snapshot>();
        for (var snapshot : newestFirst) {
            var why = of(snapshot, reasons);
            if (why.isEmpty() && snapshot.verified()) {
                removed.addFirst(snapshot);
            } else {
                kept.add(snapshot.withKeptBecause(List.copyOf(why)));
            }
        }
        return new Decision(List.copyOf(kept), List.copyOf(removed));
    }
}
