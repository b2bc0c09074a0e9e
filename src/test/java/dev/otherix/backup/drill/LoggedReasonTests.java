package dev.otherix.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoggedReasonTests {

    private static final Instant NOON = Instant.parse("2026-06-06T12:00:00Z");
    private static final long DAY = 86_400;

    private final LoggedReason logged = new LoggedReason();

    @Test
    void aReasonIsLoggedOnceAlsoIfItsFiguresChange() {
        assertThat(logged.isDue("1234 bytes are free, and 99 are needed", NOON)).isTrue();
        assertThat(logged.isDue("12 bytes are free, and 100 are needed", NOON.plusSeconds(60)))
                .isFalse();
        assertThat(logged.isDue("there is no etcd to start", NOON.plusSeconds(120)))
                .isTrue();
        assertThat(logged.isDue("7 bytes are free, and 99 are needed", NOON.plusSeconds(180)))
                .isTrue();
    }

    @Test
    void aReasonThatStaysIsLoggedOnceADay() {
        assertThat(logged.isDue("no etcd", NOON)).isTrue();
        assertThat(logged.isDue("no etcd", NOON.plusSeconds(DAY - 1))).isFalse();
        assertThat(logged.isDue("no etcd", NOON.plusSeconds(DAY))).isTrue();
        assertThat(logged.isDue("no etcd", NOON.plusSeconds(2 * DAY - 1))).isFalse();
    }

    @Test
    void aClockThatWasAheadKeepsNoReasonFromTheLog() {
        logged.isDue("no etcd", NOON.plusSeconds(400 * DAY));

        assertThat(logged.isDue("no etcd", NOON)).isTrue();
    }

    @Test
    void afterAResultItIsLoggedAnew() {
        logged.isDue("no etcd", NOON);
        logged.forget();

        assertThat(logged.isDue("no etcd", NOON)).isTrue();
    }
}
