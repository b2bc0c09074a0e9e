package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.snapshot.Mark;
import dev.otherix.backup.snapshot.Marks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpanTests {

    private static final Mark OLDEST = mark("2026-06-06T03:00:00Z", 640);
    private static final Mark BEFORE_GAP = mark("2026-06-06T03:01:00Z", 700);
    private static final Mark AFTER_GAP = mark("2026-06-06T03:15:00Z", 750);
    private static final Mark NEWEST = mark("2026-06-06T03:16:00Z", 812);
    private static final Span SPAN =
            Span.of("a.db", 640, 812, Marks.of(List.of(OLDEST, BEFORE_GAP, AFTER_GAP, NEWEST)));

    @Test
    void eachRevisionFromTheCompactOneToTheLastIsHeld() {
        for (long revision : new long[] {640, 641, 812}) {
            assertThat(SPAN.state(new NamedMoment.Revision(revision))).isEqualTo(new State(revision));
        }
    }

    @Test
    void aStoreThatWasNeverCompactedHoldsAllFromItsBegin() {
        var all = Span.of("a.db", -1, 5, Marks.NONE);
        assertThat(all.first()).isEqualTo(1);
        assertThat(all.holds(new NamedMoment.Revision(1))).isTrue();
    }

    @Test
    void outsideOfItBothEndsAreNamedWithTheirTimes() {
        var ends = "it holds revision 640 (2026-06-06T03:00:00Z) to 812 (2026-06-06T03:16:00Z)";
        refused(new NamedMoment.Revision(639), "a.db does not hold revision 639: " + ends, "an older snapshot");
        refused(new NamedMoment.Revision(813), "a.db does not hold revision 813: " + ends, "a newer snapshot");
        refused(time("2026-06-06T02:59:59Z"), ends, "an older snapshot");
        refused(time("2026-06-06T03:16:00.001Z"), ends, "a newer snapshot");
    }

    @Test
    void aTimeIsTheLastMarkAtOrBeforeIt() {
        assertThat(SPAN.state(time("2026-06-06T03:00:20Z"))).isEqualTo(new State(640, OLDEST, Duration.ofSeconds(20)));
        assertThat(SPAN.state(time("2026-06-06T03:01:00Z"))).isEqualTo(new State(700, BEFORE_GAP, Duration.ZERO));
    }

    @Test
    void betweenTwoMarksThatAreFarApartNoOtherMomentIsTaken() {
        refused(
                time("2026-06-06T03:10:00Z"),
                "only 2026-06-06T03:01:00Z (revision 700) and 2026-06-06T03:15:00Z (revision 750) are known, 14m apart",
                "Name a revision from 700 to 750");
    }

    @Test
    void aMarkBelowTheCompactRevisionIsNotHeld() {
        var span = Span.of("a.db", 700, 812, Marks.of(List.of(OLDEST, BEFORE_GAP)));
        refused(span, time("2026-06-06T03:00:30Z"), "it holds revision 700", "an older snapshot");
    }

    @Test
    void withoutMarksOnlyRevisionsAreHeld() {
        var span = Span.of("a.db", 640, 812, Marks.NONE);
        refused(span, time("2026-06-06T03:00:00Z"), "does not show when its revisions were", "from 640 to 812");
        assertThat(span.text()).isEqualTo("revision 640 (time not known) to 812 (time not known)");
    }

    @Test
    void theTimeOfARevisionIsWhenItHadBeenReached() {
        assertThat(SPAN.time(640)).contains(OLDEST.time());
        assertThat(SPAN.time(641)).contains(BEFORE_GAP.time());
        assertThat(SPAN.time(812)).contains(NEWEST.time());
        assertThat(SPAN.time(639)).isEmpty();
        assertThat(SPAN.time(813)).isEmpty();
    }

    private static void refused(NamedMoment moment, String message, String fix) {
        refused(SPAN, moment, message, fix);
    }

    private static void refused(Span span, NamedMoment moment, String message, String fix) {
        assertThat(span.holds(moment)).isFalse();
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> span.state(moment))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.fix()).contains(fix));
    }

    private static NamedMoment.Time time(String text) {
        return new NamedMoment.Time(Instant.parse(text), text);
    }

    private static Mark mark(String time, long revision) {
        return new Mark(Instant.parse(time), revision);
    }
}
