package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class StreamPaceTests {

    private static final int CHUNK = 32 * 1024;

    @Test
    void withoutARateThereIsNoWait() {
        var pace = new StreamPace(0, 0);
        assertThat(pace.nanosToWait(CHUNK, 0)).isZero();
    }

    @Test
    void manyMessagesKeepTheRateHoweverLateTheTimerIs() {
        long rate = 50_000_000;
        var pace = new StreamPace(rate, 0);
        long now = 0;
        int messages = 15_000;
        for (int message = 0; message < messages; message++) {
            var wait = pace.nanosToWait(CHUNK, now);
            now += wait == 0 ? 20_000 : wait + 700_000;
        }
        assertThat((double) messages * CHUNK / now * 1e9).isCloseTo(rate, Percentage.withPercentage(1));
    }

    @Test
    void aMessageThatIsHardlyEarlyIsNotDelayed() {
        var pace = new StreamPace(CHUNK * 1000L, 0);
        assertThat(pace.nanosToWait(CHUNK, 0)).isZero();
        assertThat(pace.nanosToWait(CHUNK, 0)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(2));
    }

    @Test
    void aLongStallIsNotMadeUpForByABurst() {
        var pace = new StreamPace(CHUNK * 100L, 0);
        var now = TimeUnit.SECONDS.toNanos(60);
        int burst = 0;
        while (pace.nanosToWait(CHUNK, now) == 0) {
            burst++;
        }
        assertThat(burst).isEqualTo(25);
    }

    @Test
    void aSlowRateWaitsForTheWholeMessage() {
        var pace = new StreamPace(CHUNK / 4, 0);
        assertThat(pace.nanosToWait(CHUNK, 0)).isCloseTo(TimeUnit.SECONDS.toNanos(4), within(1000L));
    }
}
