package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class StreamLimitsTests {

    private static final Duration STALL = Duration.ofSeconds(30);

    @Test
    void aWholeStreamHasFiveMinutesAndASecondForEachMebibyte() {
        var limits = new StreamLimits(STALL, null, 0, 0);
        assertThat(limits.timeoutFor(0)).isEqualTo(Duration.ofMinutes(5));
        assertThat(limits.timeoutFor(600L << 20)).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aRateGivesAtLeastTwiceTheTimeThatItTakes() {
        var limits = new StreamLimits(STALL, null, 1 << 18, 0);
        assertThat(limits.timeoutFor(600L << 20)).isEqualTo(Duration.ofSeconds(2 * (2400 + 1)));
        assertThat(limits.timeoutFor(1 << 20)).isEqualTo(Duration.ofSeconds(301));
    }

    @Test
    void aTimeoutThatIsSetHoldsForEverySize() {
        var limits = new StreamLimits(STALL, Duration.ofSeconds(7), 1, 0);
        assertThat(limits.timeoutFor(600L << 20)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void anAnnouncedSizeIsBelievedUpToTwiceTheDatabaseAndOneGibibyte() {
        assertThat(new StreamLimits(STALL, null, 0, 4096).mostBytes()).isEqualTo((1L << 30) + 8192);
        assertThat(new StreamLimits(STALL, null, 0, Long.MAX_VALUE).mostBytes()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theOperatorsLimitsAreTakenOver() {
        var set = new StreamProperties(STALL, Duration.ofHours(1), DataSize.ofMegabytes(50));
        assertThat(StreamLimits.of(set, 9)).isEqualTo(new StreamLimits(STALL, Duration.ofHours(1), 50L << 20, 9));
        var unset = new StreamProperties(STALL, null, null);
        assertThat(StreamLimits.of(unset, 9)).isEqualTo(new StreamLimits(STALL, null, 0, 9));
    }

    @Test
    void limitsThatNoStreamCouldKeepAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new StreamLimits(Duration.ZERO, null, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new StreamLimits(STALL, Duration.ZERO, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new StreamLimits(STALL, null, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new StreamLimits(STALL, null, 0, -1));
    }
}
