package dev.otherix.backup.monitoring;

import dev.otherix.backup.drill.DrillStatus;
import dev.otherix.backup.snapshot.Drilled;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The series of drills. All are there from the start, also if drills are off. */
final class DrillMetrics implements MeterBinder {

    /** A registry holds the object behind a counter weakly; this binder lives as long as the service. */
    private final Supplier<DrillStatus> status;

    DrillMetrics(Supplier<DrillStatus> status) {
        this.status = status;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        time(
                registry,
                "last.drill.success",
                "When a drill of the newest snapshot, or of a copy, last passed",
                DrillStatus::passedAt);
        time(
                registry,
                "drill.missing.after",
                "From when on a drill is missing: three intervals after the last that passed; 0 while drills are off",
                DrillStatus::missingAfter);
        Gauge.builder(
                        BackupMetrics.PREFIX + "drill.failed",
                        status,
                        now -> now.get()
                                .last()
                                .filter(last -> now.get().on() && last.outcome() == Drilled.Outcome.FAILED)
                                .map(_ -> 1.0)
                                .orElse(0.0))
                .description("Whether the last drill that had a result failed; 0 while drills are off")
                .strongReference(true)
                .register(registry);
        for (var outcome : DrillStatus.Outcome.values()) {
            FunctionCounter.builder(
                            BackupMetrics.PREFIX + "drills",
                            status,
                            now -> now.get().count(outcome))
                    .description("Drills")
                    .tag("outcome", outcome.word())
                    .register(registry);
        }
        FunctionTimer.builder(
                        BackupMetrics.PREFIX + "drill.duration",
                        status,
                        now -> now.get().count(DrillStatus.Outcome.SUCCESS)
                                + now.get().count(DrillStatus.Outcome.FAILURE),
                        now -> now.get().took().toMillis(),
                        TimeUnit.MILLISECONDS)
                .description("How long drills with a result took")
                .register(registry);
    }

    private void time(
            MeterRegistry registry, String name, String description, Function<DrillStatus, Optional<Instant>> when) {
        Gauge.builder(
                        BackupMetrics.PREFIX + name + ".timestamp",
                        status,
                        now -> when.apply(now.get())
                                .map(at -> at.toEpochMilli() / 1000.0)
                                .orElse(0.0))
                .baseUnit("seconds")
                .description(description)
                .strongReference(true)
                .register(registry);
    }
}
