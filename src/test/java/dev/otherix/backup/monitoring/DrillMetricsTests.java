package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.drill.DrillStatus;
import dev.otherix.backup.snapshot.Drilled;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrillMetricsTests {

    private static final Instant NOON = Instant.parse("2026-06-06T12:00:00Z");

    @ParameterizedTest
    @CsvSource({"true, FAILED, 1", "true, PASSED, 0", "false, FAILED, 0"})
    void aFailedDrillIsShownWhileDrillsAreOn(boolean on, Drilled.Outcome outcome, double failed) {
        var status = new DrillStatus(
                on,
                Optional.of(new Drilled(NOON, outcome, 1, null, null)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Map.of(),
                Duration.ZERO);
        var registry = new SimpleMeterRegistry();

        new DrillMetrics(() -> status).bindTo(registry);

        assertThat(registry.get("otherix.backup.drill.failed").gauge().value()).isEqualTo(failed);
    }
}
