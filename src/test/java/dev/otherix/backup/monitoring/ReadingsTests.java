package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.job.DirectoryStatus;
import dev.otherix.backup.job.SettableClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadingsTests {

    @Test
    void theGaugesOfAScrapeShareALookThatTakesLong() {
        var clock = new SettableClock("2026-06-06T12:00:00Z");
        var looks = new AtomicInteger();
        var readings = new Readings(
                () -> {
                    looks.incrementAndGet();
                    clock.advance(Duration.ofMillis(1500));
                    return Situation.beforeFirstRun(DirectoryStatus.NONE).state();
                },
                clock);

        for (int gauge = 0; gauge < 40; gauge++) {
            readings.now();
        }
        assertThat(looks).hasValue(1);

        clock.advance(Duration.ofSeconds(1));
        readings.now();
        assertThat(looks).hasValue(2);
    }
}
