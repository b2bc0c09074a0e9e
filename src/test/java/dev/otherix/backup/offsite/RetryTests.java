package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryTests {

    private final Nanos nanos = new Nanos();

    /** How long it takes until the next try, in seconds. */
    private long pause(Retry retry) {
        long seconds = 0;
        for (; !retry.isDue(); seconds++) {
            nanos.advance(Duration.ofSeconds(1));
        }
        return seconds;
    }

    @Test
    void pausesDoubleFromOneToFifteenMinutesEachUpToAFifthShorter() {
        for (long seed = 0; seed < 50; seed++) {
            var retry = new Retry(nanos, new Random(seed));
            assertThat(retry.isDue()).isTrue();
            for (int minutes : new int[] {1, 2, 4, 8, 15, 15, 15}) {
                retry.failed();
                assertThat(pause(retry)).isBetween(minutes * 48L, minutes * 60L);
            }
            retry.succeeded();
            assertThat(retry.isDue()).isTrue();
            retry.failed();
            assertThat(pause(retry)).isBetween(48L, 60L);
        }
    }
}
