package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RestorableTests {

    private static final int CASES = 500;

    @Test
    void withoutMarksNothingIsKnown() {
        assertThat(Restorable.of(List.of())).isEqualTo(Restorable.NOTHING);
        assertThat(Restorable.of(List.of(snapshot(60, 0, null)))).isEqualTo(Restorable.NOTHING);
        assertThat(Restorable.of(List.of(snapshot(60, 0, null), snapshot(30, 0, marks(mark(10, 2))))))
                .as("the newest one has none")
                .isEqualTo(Restorable.NOTHING);
    }

    @Test
    void snapshotsThatOverlapAreOneStretchAndOthersLeaveHoles() {
        var all = List.of(
                snapshot(90, 0, marks(mark(50, 8), mark(90, 8))),
                snapshot(60, 0, marks(mark(40, 7), mark(60, 8))),
                snapshot(30, 0, marks(mark(10, 2), mark(12, 3), mark(30, 3))));
        // from 40 to 60 the revision changed, and nobody knows when
        assertThat(Restorable.of(all))
                .isEqualTo(new Restorable(
                        at(50),
                        at(90),
                        List.of(new Restorable.Hole(at(30), at(40)), new Restorable.Hole(at(40), at(50)))));
    }

    @Test
    void otherLineagesAndUnverifiedOnesDoNotCount() {
        var all = List.of(
                snapshot(95, 90, marks(mark(92, 8), mark(95, 8))),
                snapshot(60, 0, marks(mark(40, 7), mark(95, 7))),
                with(Sample.at(50).ofLineage(90).unverified().snapshot(), marks(mark(20, 7), mark(93, 8))));

        assertThat(Restorable.of(all)).isEqualTo(new Restorable(at(92), at(95), List.of()));
    }

    @Test
    void aMomentIsRestorableExactlyIfSomeRecordTurnsItIntoARevision() {
        var random = new Random(16);
        for (var i = 0; i < CASES; i++) {
            var all = new ArrayList<Snapshot>();
            for (var minute = 200; minute > 0; minute -= 20 + random.nextInt(40)) {
                var marks = new ArrayList<Mark>();
                var revision = 1L;
                for (var m = Math.max(0, minute - random.nextInt(90)); m <= minute; m += 1 + random.nextInt(9)) {
                    revision += random.nextInt(2);
                    marks.add(mark(m, revision));
                }
                all.add(snapshot(minute, 0, Marks.of(marks)));
            }
            var restorable = Restorable.of(all);
            for (var second = 0; second < 200 * 60; second += 30) {
                var time = at(0).plusSeconds(second);
                var found = all.stream()
                        .anyMatch(snapshot -> snapshot.history().marks().at(time) instanceof Moment.Found);
                assertThat(holds(restorable, time, all))
                        .as("case %d at %s", i, time)
                        .isEqualTo(found);
            }
        }
    }

    private static boolean holds(Restorable restorable, Instant time, List<Snapshot> all) {
        var first = all.stream()
                .map(snapshot ->
                        snapshot.history().marks().oldestFirst().getFirst().time())
                .min(Instant::compareTo)
                .orElseThrow();
        return !time.isBefore(first)
                && !time.isAfter(restorable.until())
                && restorable.holes().stream()
                        .noneMatch(hole -> time.isAfter(hole.from()) && time.isBefore(hole.until()))
                && (restorable.holes().isEmpty()
                        || restorable.holes().getLast().until().equals(restorable.since()));
    }

    private static Snapshot snapshot(int minute, int lineage, @Nullable Marks marks) {
        return with(Sample.at(minute).ofLineage(lineage).snapshot(), marks);
    }

    private static Snapshot with(Snapshot plain, @Nullable Marks marks) {
        var origin = plain.origin();
        return new Snapshot(
                plain.name(),
                plain.createdAt(),
                plain.file(),
                plain.content(),
                new Origin(
                        origin.etcd(),
                        origin.trigger(),
                        origin.requests(),
                        marks == null ? null : new History(1, null, marks)),
                plain.keeping(),
                plain.checked(),
                plain.copies());
    }

    private static Marks marks(Mark... oldestFirst) {
        return Marks.of(Stream.of(oldestFirst).toList());
    }

    private static Mark mark(int minute, long revision) {
        return new Mark(at(minute), revision);
    }

    private static Instant at(int minute) {
        return Sample.minute(minute).second();
    }
}
