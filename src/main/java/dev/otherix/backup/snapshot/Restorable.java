package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which moments of the newest verified snapshot's lineage can be restored by their time. A moment counts if the marks
 * in the record of some verified snapshot turn it into a revision that its file holds.
 *
 * @param since the first moment of the stretch without a hole that ends at the newest verified snapshot; null if that
 *     has no marks
 * @param until its last moment
 * @param holes the earlier stretches of which no moment can be restored, oldest first
 */
public record Restorable(@Nullable Instant since, @Nullable Instant until, List<Hole> holes) {

    /** No moment. */
    public static final Restorable NOTHING = new Restorable(null, null, List.of());

    public Restorable {
        holes = List.copyOf(holes);
    }

    /** Every moment between the two, without them. */
    public record Hole(Instant from, Instant until) {}

    /** Of the snapshots of a directory, newest first. */
    public static Restorable of(List<Snapshot> newestFirst) {
        var newest = newestFirst.stream().filter(Snapshot::verified).findFirst();
        if (newest.isEmpty() || stretches(newest.get()).isEmpty()) {
            return NOTHING;
        }
        var lineage = newest.get().lineage();
        var joined = joined(newestFirst.stream()
                .filter(snapshot -> snapshot.verified() && snapshot.lineage().equals(lineage))
                .flatMap(snapshot -> stretches(snapshot).stream()));
        var holes = new ArrayList<Hole>();
        for (var i = 1; i < joined.size(); i++) {
            holes.add(new Hole(joined.get(i - 1).last(), joined.get(i).first()));
        }
        return new Restorable(joined.getLast().first(), joined.getLast().last(), holes);
    }

    private record Stretch(Instant first, Instant last) {}

    private static List<Stretch> stretches(Snapshot snapshot) {
        var marks = snapshot.history() == null
                ? List.<Mark>of()
                : snapshot.history().marks().oldestFirst();
        var stretches = new ArrayList<Stretch>();
        var first = 0;
        for (var i = 1; i <= marks.size(); i++) {
            if (i == marks.size() || Marks.isGap(marks.get(i - 1), marks.get(i))) {
                stretches.add(
                        new Stretch(marks.get(first).time(), marks.get(i - 1).time()));
                first = i;
            }
        }
        return stretches;
    }

    private static List<Stretch> joined(Stream<Stretch> stretches) {
        var joined = new ArrayList<Stretch>();
        stretches.sorted(Comparator.comparing(Stretch::first)).forEach(next -> {
            if (joined.isEmpty() || next.first().isAfter(joined.getLast().last())) {
                joined.add(next);
            } else if (next.last().isAfter(joined.getLast().last())) {
                joined.addLast(new Stretch(joined.removeLast().first(), next.last()));
            }
        });
        return joined;
    }
}
