package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

/** The generated cases come from fixed seeds. */
class MarksTests {

    private static final Instant START = Instant.parse("2026-06-06T03:15:00.120Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int CASES = 300;

    @Test
    void aTimeIsTheStateOfTheLastMarkAtOrBeforeIt() {
        var marks = Marks.of(List.of(mark(0, 7), mark(60, 9), mark(120, 9)));

        assertThat(marks.at(at(0))).isEqualTo(new Moment.Found(mark(0, 7), Duration.ZERO));
        assertThat(marks.at(at(59))).isEqualTo(new Moment.Found(mark(0, 7), Duration.ofSeconds(59)));
        assertThat(marks.at(at(60))).isEqualTo(new Moment.Found(mark(60, 9), Duration.ZERO));
        assertThat(marks.at(at(120))).isEqualTo(new Moment.Found(mark(120, 9), Duration.ZERO));
    }

    @Test
    void aTimeBetweenTwoDistantMarksIsRefusedUnlessNothingChanged() {
        var marks = Marks.of(List.of(mark(0, 7), mark(300, 8), mark(601, 9), mark(90_000, 9)));

        assertThat(marks.at(at(299))).isEqualTo(new Moment.Found(mark(0, 7), Duration.ofSeconds(299)));
        assertThat(marks.at(at(300))).isEqualTo(new Moment.Found(mark(300, 8), Duration.ZERO));
        assertThat(marks.at(at(301))).isEqualTo(new Moment.Gap(mark(300, 8), mark(601, 9)));
        assertThat(marks.at(at(50_000))).isEqualTo(new Moment.Found(mark(601, 9), Duration.ofSeconds(49_399)));
    }

    @Test
    void aTimeOutsideNamesBothEnds() {
        var marks = Marks.of(List.of(mark(0, 7), mark(60, 9)));

        assertThat(marks.at(at(0).minusMillis(1))).isEqualTo(new Moment.Outside(mark(0, 7), mark(60, 9)));
        assertThat(marks.at(at(60).plusMillis(1))).isEqualTo(new Moment.Outside(mark(0, 7), mark(60, 9)));
        assertThat(Marks.NONE.at(at(0))).isEqualTo(new Moment.Unknown());
    }

    @Test
    void anUnchangedStretchKeepsItsFirstAndItsLastToTheMinute() {
        var marks = Marks.NONE;
        for (var second = 0; second <= 7200; second += 5) {
            marks = marks.with(mark(second, second < 3600 ? 7 : 8));
        }

        assertThat(marks.oldestFirst()).containsExactly(mark(0, 7), mark(3595, 7), mark(3655, 8), mark(7200, 8));
    }

    @Test
    void aHistoryThatChangesKeepsOneAMinuteAndAfterThreeHoursOneAnHour() {
        var marks = Marks.NONE;
        for (var second = 0; second <= 24 * 3600; second += 5) {
            marks = marks.with(mark(second, 1 + second));
        }

        var newest = marks.oldestFirst().getLast().time();
        var recent = marks.oldestFirst().stream()
                .filter(mark -> Duration.between(mark.time(), newest).toHours() < 3)
                .toList();
        assertThat(recent).hasSizeBetween(180, 182);
        assertThat(marks.oldestFirst()).hasSizeBetween(180 + 21, 182 + 23);
    }

    @Test
    void theNewestFiveHundredAreKept() {
        var marks = Marks.NONE;
        for (var hour = 0; hour < 1000; hour++) {
            marks = marks.with(mark(hour * 3601, 1 + hour));
        }

        assertThat(marks.oldestFirst())
                .isEqualTo(IntStream.range(500, 1000)
                        .mapToObj(hour -> mark(hour * 3601, 1 + hour))
                        .toList());
    }

    @Test
    void aFallenRevisionDropsAllOfThem() {
        assertThat(Marks.of(List.of(mark(0, 7), mark(60, 9))).with(mark(120, 8)).oldestFirst())
                .containsExactly(mark(120, 8));
    }

    @Test
    void aClockThatWasSetBackDropsTheMarksThatAreNotOlder() {
        assertThat(Marks.of(List.of(mark(0, 7), mark(60, 8), mark(120, 9)))
                        .with(mark(60, 9))
                        .oldestFirst())
                .containsExactly(mark(0, 7), mark(60, 9));
    }

    @Test
    void thinningNeitherInventsAMarkNorWidensTheStepsOfTheLastThreeHours() {
        forEachCase(raw -> {
            var kept = byAndBy(raw).oldestFirst();

            assertThat(raw).containsAll(kept);
            assertThat(kept).hasSizeLessThanOrEqualTo(Marks.MOST).endsWith(raw.getLast());
            assertThat(Marks.of(kept).and(Marks.NONE).oldestFirst())
                    .as("thinned again")
                    .isEqualTo(kept);
            // what was within a minute of an old mark may have gone for its sake
            var recent = raw.getLast().time().minus(Duration.ofHours(3)).plus(MINUTE);
            for (var i = 1; i < raw.size(); i++) {
                var before = raw.get(i - 1);
                var after = raw.get(i);
                if (before.time().isBefore(recent) || kept.getFirst().time().isAfter(before.time())) {
                    continue;
                }
                // no kept mark says more than the answers did, and none says less than a minute allows
                var middle = before.time()
                        .plus(Duration.between(before.time(), after.time()).dividedBy(2));
                if (Marks.of(raw).at(middle) instanceof Moment.Found exact) {
                    assertThat(Marks.of(kept).at(middle)).isInstanceOfSatisfying(Moment.Found.class, found -> {
                        assertThat(found.mark().revision())
                                .isLessThanOrEqualTo(exact.mark().revision());
                        if (found.mark().revision() < exact.mark().revision()) {
                            assertThat(found.distance()).isLessThanOrEqualTo(MINUTE);
                        }
                    });
                } else {
                    assertThat(Marks.of(kept).at(middle))
                            .isEqualTo(Marks.of(raw).at(middle));
                }
            }
        });
    }

    @Test
    void whatIsFoundIsNeverANewerStateThanTheOneAskedFor() {
        forEachCase(raw -> {
            var marks = byAndBy(raw);
            for (var asked : raw) {
                if (marks.at(asked.time()) instanceof Moment.Found found) {
                    assertThat(found.mark().revision()).isLessThanOrEqualTo(asked.revision());
                    assertThat(found.mark().time().plus(found.distance())).isEqualTo(asked.time());
                }
            }
        });
    }

    @Test
    void marksOfTwoRecordsOfOneHistoryJoin() {
        forEachCase(raw -> {
            var half = raw.size() / 2;
            var older = Marks.of(raw.subList(0, half));
            var newer = Marks.of(raw.subList(half / 2, raw.size()));

            assertThat(older.and(newer))
                    .isEqualTo(newer.and(older))
                    .isEqualTo(Marks.of(raw).and(Marks.NONE));
        });
    }

    @Test
    void marksOfAnotherHistoryJoinOnlyAsFarAsTheyFit() {
        assertThat(Marks.of(List.of(mark(0, 7), mark(120, 9)))
                        .and(Marks.of(List.of(mark(60, 20), mark(180, 30))))
                        .oldestFirst())
                .containsExactly(mark(0, 7), mark(60, 20), mark(180, 30));
    }

    @Test
    void aRevisionIsReachedAtItsFirstMarkIfAnOlderStateIsKnown() {
        var marks = Marks.of(List.of(mark(0, 7), mark(60, 9), mark(120, 9), mark(180, 12)));

        assertThat(marks.reached(6)).isEmpty();
        assertThat(marks.reached(7)).hasValue(mark(0, 7));
        assertThat(marks.reached(8)).hasValue(mark(60, 9));
        assertThat(marks.reached(9)).hasValue(mark(60, 9));
        assertThat(marks.reached(13)).isEmpty();
        assertThat(marks.between(8, 11).oldestFirst()).containsExactly(mark(60, 9), mark(120, 9));
        assertThat(marks.after(at(60)).oldestFirst()).containsExactly(mark(120, 9), mark(180, 12));
    }

    @Test
    void inJsonEachIsATimeAndARevision() {
        var marks = Marks.of(List.of(mark(0, 7), mark(60, 9)));
        var json = RecordFormat.JSON.writeValueAsString(marks);

        assertThat(json.replaceAll("\\s", ""))
                .isEqualTo("[[\"2026-06-06T03:15:00.120Z\",7],[\"2026-06-06T03:16:00.120Z\",9]]");
        assertThat(RecordFormat.JSON.readValue(json, Marks.class)).isEqualTo(marks);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[\"2026-06-06T03:15:00Z\"]]",
                "[[\"2026-06-06T03:15:00Z\", null]]",
                "[[null, 7]]",
                "[null]",
                "[[\"2026-06-06T03:15:00Z\", 0]]",
                "[[\"2026-06-06T03:15:00Z\", \"7\"]]",
                "[[\"2026-06-06T03:15:00Z\", 7], [\"2026-06-06T03:15:00Z\", 8]]",
                "[[\"2026-06-06T03:15:00Z\", 7], [\"2026-06-06T03:16:00Z\", 6]]",
                "{}"
            })
    void otherJsonIsDamage(String json) {
        assertThatExceptionOfType(JacksonException.class)
                .isThrownBy(() -> RecordFormat.JSON.readValue(json, Marks.class));
    }

    @Test
    void marksThatDoNotFollowEachOtherAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Marks.of(List.of(mark(0, 7), mark(0, 8))));
        assertThatIllegalArgumentException().isThrownBy(() -> Marks.of(List.of(mark(0, 7), mark(1, 6))));
    }

    private static Marks byAndBy(List<Mark> raw) {
        var marks = Marks.NONE;
        for (var mark : raw) {
            marks = marks.with(mark);
        }
        return marks;
    }

    /** Answers of a member: every few seconds, with pauses of the service and of the writers. */
    private static void forEachCase(Consumer<List<Mark>> check) {
        var random = new Random(16);
        for (var i = 0; i < CASES; i++) {
            var raw = new ArrayList<Mark>();
            var time = START;
            var revision = 1 + random.nextInt(1000);
            for (var n = 20 + random.nextInt(400); n > 0; n--) {
                time = time.plusMillis(
                        random.nextInt(30) == 0 ? random.nextInt(4 * 3_600_000) : 1 + random.nextInt(9_000));
                revision += random.nextInt(3) == 0 ? random.nextInt(20) : 0;
                raw.add(new Mark(time, revision));
            }
            check.accept(raw);
        }
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }

    private static Mark mark(long second, long revision) {
        return new Mark(at(second), revision);
    }
}
