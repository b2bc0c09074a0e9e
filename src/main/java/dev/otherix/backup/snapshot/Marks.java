package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Marks of one history, oldest first: they turn a time into a revision. Both rise: no two marks have the same time, and
 * no later mark has a lower revision.
 */
public final class Marks {

    /** Without a mark. */
    public static final Marks NONE = new Marks(List.of());

    /** The revision is not known between two marks that differ and are further apart. */
    public static final Duration FURTHEST = Duration.ofMinutes(5);

    /** How many are kept: the newest. */
    static final int MOST = 500;

    private static final Duration RECENT = Duration.ofHours(3);
    private static final Duration BETWEEN_RECENT = Duration.ofMinutes(1);
    private static final Duration BETWEEN_OLD = Duration.ofHours(1);

    // a service keeps the records of thousands of snapshots in memory: a list of objects needs three times as much
    private final long[] millis;
    private final long[] revisions;

    private Marks(List<Mark> oldestFirst) {
        this.millis = oldestFirst.stream()
                .mapToLong(mark -> mark.time().toEpochMilli())
                .toArray();
        this.revisions = oldestFirst.stream().mapToLong(Mark::revision).toArray();
    }

    /**
     * These marks, all of them.
     *
     * @throws IllegalArgumentException if time or revision of one does not follow those of the mark before
     */
    @JsonCreator
    public static Marks of(List<Mark> oldestFirst) {
        for (var i = 1; i < oldestFirst.size(); i++) {
            if (!follows(oldestFirst.get(i - 1), oldestFirst.get(i))) {
                throw new IllegalArgumentException(
                        "the mark " + oldestFirst.get(i) + " does not follow " + oldestFirst.get(i - 1));
            }
        }
        return new Marks(oldestFirst);
    }

    private static boolean follows(Mark before, Mark after) {
        return after.time().isAfter(before.time()) && after.revision() >= before.revision();
    }

    /**
     * These and a newer mark, thinned. What it contradicts is dropped: marks that are not older, because the clock was
     * set back since then; and all of them if the revision fell, because that is another history.
     */
    public Marks with(Mark newest) {
        if (!isEmpty() && newest.revision() < oldestFirst().getLast().revision()) {
            return new Marks(List.of(newest));
        }
        var marks = new ArrayList<>(
                where(mark -> mark.time().isBefore(newest.time())).oldestFirst());
        marks.add(newest);
        return thinned(marks);
    }

    /** These and the others, thinned. Of two that contradict each other the older one stays. */
    public Marks and(Marks others) {
        var byTime = new TreeMap<Instant, Mark>();
        oldestFirst().forEach(mark -> byTime.put(mark.time(), mark));
        others.oldestFirst().forEach(mark -> byTime.putIfAbsent(mark.time(), mark));
        var marks = new ArrayList<Mark>();
        for (var mark : byTime.values()) {
            if (marks.isEmpty() || follows(marks.getLast(), mark)) {
                marks.add(mark);
            }
        }
        return thinned(marks);
    }

    /** Those with a revision from {@code lowest} to {@code highest}. */
    public Marks between(long lowest, long highest) {
        return where(mark -> mark.revision() >= lowest && mark.revision() <= highest);
    }

    /** Those after {@code time}. */
    public Marks after(Instant time) {
        return where(mark -> mark.time().isAfter(time));
    }

    private Marks where(Predicate<Mark> wanted) {
        return new Marks(oldestFirst().stream().filter(wanted).toList());
    }

    /**
     * A mark goes when its neighbours have its revision too, or when they are a minute apart at most; an hour, when
     * both are more than three hours older than the newest. So a history that changes keeps one a minute, and an
     * unchanged stretch its first and its last.
     */
    private static Marks thinned(List<Mark> all) {
        if (all.isEmpty()) {
            return NONE;
        }
        var kept = new ArrayList<Mark>();
        var newest = all.getLast().time();
        for (var i = 0; i < all.size(); i++) {
            var ends = kept.isEmpty() || i == all.size() - 1;
            if (ends || !isSpare(kept.getLast(), all.get(i + 1), newest)) {
                kept.add(all.get(i));
            }
        }
        return new Marks(kept.subList(Math.max(0, kept.size() - MOST), kept.size()));
    }

    private static boolean isSpare(Mark before, Mark after, Instant newest) {
        // the mark speaks for all moments up to the next
        var old = Duration.between(after.time(), newest).compareTo(RECENT) > 0;
        return before.revision() == after.revision()
                || Duration.between(before.time(), after.time()).compareTo(old ? BETWEEN_OLD : BETWEEN_RECENT) <= 0;
    }

    /** Which revision is the state at {@code time}. */
    public Moment at(Instant time) {
        if (isEmpty()) {
            return new Moment.Unknown();
        }
        var first = oldestFirst().getFirst();
        var last = oldestFirst().getLast();
        if (time.isBefore(first.time()) || time.isAfter(last.time())) {
            return new Moment.Outside(first, last);
        }
        var before = first;
        for (var mark : oldestFirst()) {
            if (mark.time().isAfter(time)) {
                return !time.equals(before.time()) && isGap(before, mark)
                        ? new Moment.Gap(before, mark)
                        : new Moment.Found(before, Duration.between(before.time(), time));
            }
            before = mark;
        }
        return new Moment.Found(last, Duration.ZERO);
    }

    /** Whether the moments between two neighbours are not known. */
    static boolean isGap(Mark before, Mark after) {
        return after.revision() != before.revision()
                && Duration.between(before.time(), after.time()).compareTo(FURTHEST) > 0;
    }

    /**
     * When the store reached {@code revision}: the time of the first mark that has it, or a higher one. Empty if no
     * mark is as old as that.
     */
    public Optional<Mark> reached(long revision) {
        if (isEmpty() || oldestFirst().getFirst().revision() > revision) {
            return Optional.empty();
        }
        return oldestFirst().stream()
                .filter(mark -> mark.revision() >= revision)
                .findFirst();
    }

    /** All of them, oldest first. */
    @JsonValue
    public List<Mark> oldestFirst() {
        return IntStream.range(0, millis.length)
                .mapToObj(i -> new Mark(Instant.ofEpochMilli(millis[i]), revisions[i]))
                .toList();
    }

    public boolean isEmpty() {
        return millis.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Marks marks
                && Arrays.equals(millis, marks.millis)
                && Arrays.equals(revisions, marks.revisions);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(millis) + Arrays.hashCode(revisions);
    }

    @Override
    public String toString() {
        return oldestFirst().toString();
    }
}
