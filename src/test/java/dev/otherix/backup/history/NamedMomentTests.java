package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedMomentTests {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-06-06T04:00:00Z"), ZoneOffset.UTC);

    @Test
    void digitsAreARevision() {
        assertThat(NamedMoment.parse("812", CLOCK)).isEqualTo(new NamedMoment.Revision(812));
        assertThat(NamedMoment.parse("9223372036854775807", CLOCK)).isEqualTo(new NamedMoment.Revision(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-06-06T03:15:00Z, 2026-06-06T03:15:00Z",
        "2026-06-06T05:15:00+02:00, 2026-06-06T03:15:00Z",
        "2026-06-06t03:15:00.25z, 2026-06-06T03:15:00.250Z",
        "2026-06-06 03:15:00Z, 2026-06-06T03:15:00Z",
        "45m, 2026-06-06T03:15:00Z",
        "PT45M, 2026-06-06T03:15:00Z",
        "1h30m, 2026-06-06T02:30:00Z",
        "0s, 2026-06-06T04:00:00Z"
    })
    void aTimeHasItsOffsetOrIsSoLongAgo(String text, Instant time) {
        assertThat(NamedMoment.parse(text, CLOCK)).isEqualTo(new NamedMoment.Time(time, text));
        assertThat(NamedMoment.parseTime(text, CLOCK).time()).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({
        "0, is no revision",
        "-5, is no revision",
        "9223372036854775808, is larger than a revision can be",
        "2026-06-06T03:15:00, has no offset: write 2026-06-06T03:15:00Z for UTC",
        "2026-06-06 03:15, has no offset",
        "2026-06-06, has no time: write for example 2026-06-06T03:15:00Z",
        "2026-13-06T03:15:00Z, is no time: write a revision",
        "2026-06-06T03:15Q, is no time",
        "-45m, lies in the future",
        "45x, has the unknown unit 'x'",
        "'', is not a duration",
        "yesterday, is not a duration",
        "9999999h, is longer than a duration can be"
    })
    void anythingElseIsRefusedWithTheFormsThereAre(String text, String why) {
        assertThatThrownBy(() -> NamedMoment.parse(text, CLOCK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void whereOnlyATimeFitsARevisionIsRefused() {
        assertThatThrownBy(() -> NamedMoment.parseTime("812", CLOCK))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is a revision, not a time");
    }
}
