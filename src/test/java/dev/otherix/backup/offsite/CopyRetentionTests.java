package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which copies are kept, and why. */
class CopyRetentionTests {

    private static final Duration SIX_HOURS = Duration.ofHours(6);
    private static final Instant NOW = Instant.parse("2026-06-10T12:30:00Z");

    private static CopyRetention rules(int last, int hourly, int daily, int weekly, int monthly) {
        return new CopyRetention(last, Duration.ZERO, hourly, daily, weekly, monthly, SIX_HOURS);
    }

    private static CopyRetention within(Duration within) {
        return new CopyRetention(0, within, 0, 0, 0, 0, SIX_HOURS);
    }

    private static List<Snapshot> at(String... times) {
        return Stream.of(times)
                .map(time -> CopySample.at("2026-" + time + ":00Z").snapshot())
                .toList();
    }

    /** One each six hours, the newest at {@code end}. */
    private static List<Snapshot> everySixHours(Instant end, int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> CopySample.at(end.minus(SIX_HOURS.multipliedBy(i))).snapshot())
                .toList();
    }

    private static List<String> kept(CopyRetention rules, List<Snapshot> copies) {
        return rules.decide(copies, NOW).kept().stream()
                .map(kept -> kept.snapshot().createdAt().toString().substring(5, 16) + " "
                        + String.join(
                                ",",
                                kept.because().stream()
                                        .sorted()
                                        .map(CopyKept::word)
                                        .toList()))
                .toList();
    }

    @Test
    void theNewestAreKeptByNumber() {
        assertThat(kept(rules(2, 0, 0, 0, 0), at("06-10T06:00", "06-10T00:00", "06-10T12:00")))
                .containsExactly("06-10T12:00 last,latest,latest_linearizable", "06-10T06:00 last");
    }

    @Test
    void theNewestOfEachSpanIsKeptAndSpansWithoutACopyDoNotCount() {
        var copies = at(
                "06-10T12:20",
                "06-10T12:00",
                "06-10T11:59",
                "06-10T11:00",
                "06-10T08:30",
                "06-09T23:59",
                "05-01T00:00");

        assertThat(kept(rules(0, 3, 0, 0, 0), copies))
                .containsExactly(
                        "06-10T12:20 hourly,latest,latest_linearizable", "06-10T11:59 hourly", "06-10T08:30 hourly");
        assertThat(kept(rules(0, 0, 3, 0, 0), copies))
                .containsExactly(
                        "06-10T12:20 daily,latest,latest_linearizable", "06-09T23:59 daily", "05-01T00:00 daily");
    }

    @Test
    void weeksBeginOnMondayAlsoAcrossAYear() {
        // 2025-12-29 is the Monday of the week that 2026-01-04 ends
        var copies = Stream.of(
                        "2025-12-28T23:59:00Z", "2025-12-29T00:00:00Z", "2026-01-04T23:59:00Z", "2026-01-05T00:00:00Z")
                .map(time -> CopySample.at(time).snapshot())
                .toList();

        assertThat(kept(rules(0, 0, 0, 9, 0), copies))
                .containsExactly(
                        "01-05T00:00 weekly,latest,latest_linearizable", "01-04T23:59 weekly", "12-28T23:59 weekly");
        assertThat(kept(rules(0, 0, 0, 0, 9), copies))
                .containsExactly("01-05T00:00 monthly,latest,latest_linearizable", "12-29T00:00 monthly");
    }

    @Test
    void theNewestLinearizableOneIsKeptBesidesTheNewest() {
        var copies = List.of(
                CopySample.at("2026-06-10T12:00:00Z").local().snapshot(),
                CopySample.at("2026-06-10T06:00:00Z").local().snapshot(),
                CopySample.at("2026-06-10T00:00:00Z").snapshot(),
                CopySample.at("2026-06-09T18:00:00Z").snapshot());

        assertThat(kept(rules(1, 0, 0, 0, 0), copies))
                .containsExactly("06-10T12:00 last,latest", "06-10T00:00 latest_linearizable");
    }

    @Test
    void pinnedAndUnprovenOnesStayAndTakeNoPlace() {
        var copies = List.of(
                CopySample.at("2026-06-10T12:00:00Z").unproven().snapshot(),
                CopySample.at("2026-06-10T06:00:00Z").snapshot(),
                CopySample.at("2026-06-09T18:00:00Z").pin().snapshot(),
                CopySample.at("2026-06-09T12:00:00Z").snapshot());

        assertThat(kept(rules(1, 0, 0, 0, 0), copies))
                .containsExactly(
                        "06-10T12:00 unproven", "06-10T06:00 last,latest,latest_linearizable", "06-09T18:00 pinned");
    }

    @Test
    void aRebuiltClusterDoesNotRotateTheEarlierOneAway() {
        var rebuilt = CopySample.at("2026-06-10T00:00:00Z");
        var copies = new ArrayList<Snapshot>();
        everySixHours(Instant.parse("2026-06-09T18:00:00Z"), 4).forEach(copies::add);
        for (int hour = 0; hour < 4; hour++) {
            copies.add(CopySample.at("2026-06-10T0%d:00:00Z".formatted(hour))
                    .ofLineage(rebuilt.name())
                    .snapshot());
        }

        assertThat(kept(rules(1, 0, 0, 0, 0), copies))
                .containsExactly("06-10T03:00 last,latest,latest_linearizable", "06-09T18:00 lineage");
    }

    @Test
    void timeInWhichNothingWasTakenMakesNoCopyOlder() {
        var before = everySixHours(NOW.minus(Duration.ofDays(40)), 8);
        var copies =
                Stream.concat(everySixHours(NOW, 3).stream(), before.stream()).toList();

        assertThat(within(Duration.ofHours(24)).decide(copies, NOW).kept())
                .hasSize(5)
                .last()
                .satisfies(kept -> assertThat(kept.snapshot()).isEqualTo(before.get(1)));
    }

    @Test
    void aCopyThatIsDatedAYearAheadIsKeptAndChangesNothingForOthers() {
        var copies = everySixHours(NOW, 200);
        for (var rules : List.of(rules(7, 0, 7, 5, 12), within(Duration.ofDays(5)), rules(1, 0, 0, 0, 0))) {
            var without = rules.decide(copies, NOW);
            var ahead = CopySample.at(NOW.plus(Duration.ofDays(365))).snapshot();
            // names go on from there after the clock was set right again
            var next = CopySample.at(NOW)
                    .named(NOW.plus(Duration.ofDays(365)).plusSeconds(1))
                    .snapshot();

            var with = rules.decide(
                    Stream.concat(copies.stream(), Stream.of(ahead)).toList(), NOW);
            assertThat(with.removed()).isEqualTo(without.removed());
            assertThat(with.kept().getFirst().because()).containsExactly(CopyKept.FUTURE);

            var after = rules.decide(
                    Stream.concat(copies.stream().skip(1), Stream.of(ahead, next))
                            .toList(),
                    NOW);
            assertThat(after.removed()).isEqualTo(without.removed());
        }
    }

    @Test
    void whileTheClockIsAYearAheadNothingIsRemovedUntilAWeekOfCopiesShowsThatTimeHasPassed() {
        var copies = everySixHours(NOW, 200);
        var ahead = NOW.plus(Duration.ofDays(365));
        var rules = rules(1, 0, 2, 0, 0);

        var jumped = new ArrayList<>(copies);
        for (int runs = 0; runs < 28; runs++) {
            var now = ahead.plus(SIX_HOURS.multipliedBy(runs));
            jumped.add(CopySample.at(now).snapshot());
            assertThat(rules.decide(jumped, now).removed()).as("run " + runs).isEmpty();
        }
        var sure = ahead.plus(Duration.ofDays(7)).plus(SIX_HOURS);
        jumped.add(CopySample.at(sure).snapshot());
        assertThat(rules.decide(jumped, sure).kept()).hasSize(2);
    }

    @Test
    void whatIsKeptForeverShowsNoJump() {
        var old = CopySample.at(NOW.minus(Duration.ofDays(120)));
        for (var kept : List.of(old.pin(), old.ofLineage(new SnapshotName(Instant.EPOCH)), old.unproven())) {
            var copies = new ArrayList<>(everySixHours(NOW, 20));
            copies.add(kept.snapshot());

            assertThat(rules(4, 0, 1, 0, 0).decide(copies, NOW).removed()).hasSize(16);
        }
    }

    @Test
    void aJumpAlsoShowsBehindAPinnedCopyAndBesideANewPinnedOne() {
        var ahead = NOW.plus(Duration.ofDays(365));
        var copies = new ArrayList<>(everySixHours(NOW, 20));
        copies.add(CopySample.at(NOW.plusSeconds(60)).pin().snapshot());
        copies.add(CopySample.at(ahead).pin().snapshot());

        assertThat(rules(4, 0, 1, 0, 0).decide(copies, ahead).removed()).isEmpty();
    }

    @Test
    void namesThatRanAheadOfTheClockDoNotMakeOldCopiesNewer() {
        var ranAhead = NOW.plus(Duration.ofDays(300));
        var copies = Stream.concat(
                        everySixHours(NOW, 3).stream(),
                        IntStream.range(0, 3)
                                .mapToObj(i -> CopySample.at(NOW.minus(Duration.ofDays(20 - i)))
                                        .named(ranAhead.plusSeconds(i))
                                        .snapshot()))
                .toList();

        assertThat(kept(rules(2, 0, 0, 0, 0), copies))
                .containsExactly(
                        "05-23T12:30 latest,latest_linearizable",
                        "06-10T12:30 last,latest,latest_linearizable",
                        "06-10T06:30 last");
    }

    @Test
    void aClockThatIsBehindRemovesNothing() {
        var copies = everySixHours(NOW, 50);

        assertThat(rules(1, 0, 1, 0, 0)
                        .decide(copies, NOW.minus(Duration.ofDays(365)))
                        .removed())
                .isEmpty();
    }

    @Test
    void nothingThereIsNothingToDo() {
        assertThat(rules(7, 0, 7, 5, 12).decide(List.of(), NOW))
                .isEqualTo(new CopyRetention.Decision(List.of(), List.of(), false));
    }
}
