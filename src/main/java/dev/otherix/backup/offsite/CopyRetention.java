package dev.otherix.backup.offsite;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;

import dev.otherix.backup.snapshot.EarlierLineages;
import dev.otherix.backup.snapshot.Lineage;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides which copies are kept in a store and why: a pure function of what lies there and of the time. Each rule keeps
 * the newest copy of each of the newest spans that have one, in UTC; 0 turns it off.
 *
 * <p>A clock that is wrong removes nothing: a copy that is dated after now is kept and takes no place of others; where
 * time has jumped ahead ({@link ClockJump}), nothing is removed for a week; and the age for {@code within} counts only
 * the time in which snapshots were taken.
 *
 * @param last how many of the newest are kept
 * @param within how old a copy may get before the other rules decide; zero = none
 * @param usualGap the longest time between two snapshots that makes the older ones older
 */
record CopyRetention(int last, Duration within, int hourly, int daily, int weekly, int monthly, Duration usualGap) {

    /** A kept copy. */
    record Kept(Snapshot snapshot, Set<CopyKept> because) {

        Kept {
            because = Set.copyOf(because);
        }
    }

    /**
     * What to do with each copy.
     *
     * @param kept newest first
     * @param removed oldest first
     * @param jumped whether time seems to have jumped, so that nothing is removed
     */
    record Decision(List<Kept> kept, List<Snapshot> removed, boolean jumped) {

        /** How many would be removed if time had not jumped. */
        long putOff() {
            return kept.stream()
                    .filter(one -> one.because().contains(CopyKept.JUMP))
                    .count();
        }

        boolean keeps(SnapshotName name) {
            return kept.stream().anyMatch(one -> one.snapshot().name().equals(name));
        }
    }

    /** Decides on {@code copies}, given in any order. */
    Decision decide(Collection<Snapshot> copies, Instant now) {
        return decide(copies, now, Instant.EPOCH);
    }

    /**
     * The same, where more is known than the copies show.
     *
     * @param passed a time that has surely passed
     */
    Decision decide(Collection<Snapshot> copies, Instant now, Instant passed) {
        var newestFirst = Lineage.corrected(copies.stream()
                .sorted(comparing(Snapshot::name, reverseOrder()))
                .toList());
        var reasons = new TreeMap<SnapshotName, Set<CopyKept>>(reverseOrder());
        newestFirst.forEach(copy -> reasons.put(copy.name(), EnumSet.noneOf(CopyKept.class)));

        // by the clock's time: names step past that of a snapshot whose clock was ahead
        var youngestFirst = newestFirst.stream()
                .filter(copy -> copy.verified() && !copy.createdAt().isAfter(now))
                .sorted(comparing(Snapshot::createdAt)
                        .thenComparing(Snapshot::name)
                        .reversed())
                .toList();
        youngestFirst.stream().limit(last).forEach(copy -> of(copy, reasons).add(CopyKept.LAST));
        keepTheYoung(youngestFirst, reasons);
        keepNewestOf(hourly, CopyRetention::hour, CopyKept.HOURLY, youngestFirst, reasons);
        keepNewestOf(daily, LocalDateTime::toLocalDate, CopyKept.DAILY, youngestFirst, reasons);
        keepNewestOf(weekly, CopyRetention::week, CopyKept.WEEKLY, youngestFirst, reasons);
        keepNewestOf(monthly, YearMonth::from, CopyKept.MONTHLY, youngestFirst, reasons);
        keepNewest(youngestFirst, newestFirst, now, _ -> true, CopyKept.LATEST, reasons);
        keepNewest(youngestFirst, newestFirst, now, Snapshot::linearizable, CopyKept.LATEST_LINEARIZABLE, reasons);
        for (var copy : newestFirst) {
            keepIf(copy.pinned(), copy, CopyKept.PINNED, reasons);
            keepIf(copy.createdAt().isAfter(now), copy, CopyKept.FUTURE, reasons);
            keepIf(!copy.verified(), copy, CopyKept.UNPROVEN, reasons);
        }
        EarlierLineages.held(newestFirst, copy -> !of(copy, reasons).isEmpty())
                .forEach(copy -> of(copy, reasons).add(CopyKept.LINEAGE));
        var jumped = !youngestFirst.isEmpty()
                && ClockJump.shows(
                        youngestFirst.getFirst().createdAt(),
                        youngestFirst,
                        copy -> of(copy, reasons).contains(CopyKept.PINNED)
                                || of(copy, reasons).contains(CopyKept.LINEAGE),
                        passed);
        newestFirst.forEach(copy -> keepIf(jumped && of(copy, reasons).isEmpty(), copy, CopyKept.JUMP, reasons));
        return split(newestFirst, reasons, jumped);
    }

    /** Time without snapshots makes none of them older: it may be a clock that jumped. */
    private void keepTheYoung(List<Snapshot> youngestFirst, SortedMap<SnapshotName, Set<CopyKept>> reasons) {
        var age = Duration.ZERO;
        var younger = youngestFirst.isEmpty()
                ? Instant.EPOCH
                : youngestFirst.getFirst().createdAt();
        for (var copy : youngestFirst) {
            var gap = Duration.between(copy.createdAt(), younger);
            age = age.plus(gap.compareTo(usualGap) < 0 ? gap : usualGap);
            if (within.isZero() || age.compareTo(within) > 0) {
                return;
            }
            of(copy, reasons).add(CopyKept.WITHIN);
            younger = copy.createdAt();
        }
    }

    private static void keepNewestOf(
            int count,
            Function<LocalDateTime, Object> span,
            CopyKept reason,
            List<Snapshot> youngestFirst,
            SortedMap<SnapshotName, Set<CopyKept>> reasons) {
        var spans = new HashSet<>();
        for (var copy : youngestFirst) {
            if (spans.add(span.apply(LocalDateTime.ofInstant(copy.createdAt(), ZoneOffset.UTC)))) {
                if (spans.size() > count) {
                    return;
                }
                of(copy, reasons).add(reason);
            }
        }
    }

    private static LocalDateTime hour(LocalDateTime time) {
        return time.truncatedTo(ChronoUnit.HOURS);
    }

    /** A week of ISO 8601: from Monday on. */
    private static LocalDate week(LocalDateTime time) {
        return time.toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
    }

    /** By its time, and by its name: the newest name may belong to one that was taken while a clock was behind. */
    private static void keepNewest(
            List<Snapshot> youngestFirst,
            List<Snapshot> newestFirst,
            Instant now,
            Predicate<Snapshot> wanted,
            CopyKept reason,
            SortedMap<SnapshotName, Set<CopyKept>> reasons) {
        youngestFirst.stream()
                .filter(wanted)
                .findFirst()
                .ifPresent(copy -> of(copy, reasons).add(reason));
        newestFirst.stream()
                .filter(copy -> copy.verified() && !copy.createdAt().isAfter(now))
                .filter(wanted)
                .findFirst()
                .ifPresent(copy -> of(copy, reasons).add(reason));
    }

    private static void keepIf(
            boolean kept, Snapshot copy, CopyKept reason, SortedMap<SnapshotName, Set<CopyKept>> reasons) {
        if (kept) {
            of(copy, reasons).add(reason);
        }
    }

    private static Set<CopyKept> of(Snapshot copy, SortedMap<SnapshotName, Set<CopyKept>> reasons) {
        return Objects.requireNonNull(reasons.get(copy.name()), "each copy has its reasons, perhaps none");
    }

    private static Decision split(
            List<Snapshot> newestFirst, SortedMap<SnapshotName, Set<CopyKept>> reasons, boolean jumped) {
        var kept = new ArrayList<Kept>();
        var removed = new ArrayList<Snapshot>();
        for (var copy : newestFirst) {
            var why = of(copy, reasons);
            if (why.isEmpty()) {
                removed.addFirst(copy);
            } else {
                kept.add(new Kept(copy, why));
            }
        }
        return new Decision(List.copyOf(kept), List.copyOf(removed), jumped);
    }
}
