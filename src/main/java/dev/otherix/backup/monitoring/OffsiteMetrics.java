package dev.otherix.backup.monitoring;

import dev.otherix.backup.offsite.Offsite;
import dev.otherix.backup.offsite.OffsiteStatus;
import dev.otherix.backup.snapshot.Target;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The series of off-site copies, for each target that is on. All are there from the start. */
final class OffsiteMetrics implements MeterBinder {

    private static final String PREFIX = BackupMetrics.PREFIX + "offsite.";
    /** The codes of health begin with it, and the name of the series too. */
    private static final String CODE = "offsite_";

    /** A registry holds the objects behind its counters weakly. */
    private final List<OfTarget> targets;

    OffsiteMetrics(Offsite offsite) {
        this.targets = offsite.targets().stream()
                .map(target -> new OfTarget(target, offsite::status))
                .toList();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        targets.forEach(target -> new Series(target, registry).register());
    }

    /** The state of one target. */
    private record OfTarget(Target target, Supplier<OffsiteStatus> status) {

        double now(ToDoubleFunction<OffsiteStatus.OfTarget> value) {
            return status.get().targets().stream()
                    .filter(state -> state.target() == target)
                    .findFirst()
                    .map(value::applyAsDouble)
                    .orElse(Double.NaN);
        }
    }

    /** The series of one target. */
    private record Series(OfTarget of, MeterRegistry registry) {

        void register() {
            time(
                    "last.success",
                    "When the newest snapshot was taken that has a proven copy",
                    OffsiteStatus.OfTarget::lastSuccessAt);
            gauge("pending", null, "Snapshots that wait for their copy", OffsiteStatus.OfTarget::pending);
            time(
                    "oldest.pending",
                    "When the oldest snapshot was taken that waits for its copy",
                    OffsiteStatus.OfTarget::oldestPendingAt);
            gauge("snapshots", null, "Copies of this member in the store", OffsiteStatus.OfTarget::stored);
            time(
                    "oldest",
                    "When the oldest snapshot was taken that has a copy",
                    OffsiteStatus.OfTarget::oldestStoredAt);
            gauge("stored", "bytes", "Size of these copies", OffsiteStatus.OfTarget::storedBytes);
            time("last.check", "When a copy was last read back", OffsiteStatus.OfTarget::lastCheckAt);
            for (var code : OffsiteStatus.Code.values()) {
                gauge(
                        "finding",
                        null,
                        "Whether this makes health DOWN",
                        state -> state.findings().stream().anyMatch(finding -> finding.code() == code) ? 1 : 0,
                        "code",
                        code.word().substring(CODE.length()));
            }
            for (var outcome : OffsiteStatus.CopyOutcome.values()) {
                count(
                        "copies",
                        "Tries to copy a snapshot",
                        state -> state.counts().copies().getOrDefault(outcome, 0L),
                        "outcome",
                        outcome.word());
            }
            for (var outcome : OffsiteStatus.CheckOutcome.values()) {
                count(
                        "checks",
                        "Copies that were read back after their upload",
                        state -> state.counts().checks().getOrDefault(outcome, 0L),
                        "outcome",
                        outcome.word());
            }
            count("bytes", "Bytes sent", state -> state.counts().bytes());
        }

        private void time(String name, String description, Function<OffsiteStatus.OfTarget, Optional<Instant>> when) {
            gauge(
                    name + ".timestamp",
                    "seconds",
                    description,
                    state -> when.apply(state)
                            .map(at -> at.toEpochMilli() / 1000.0)
                            .orElse(0.0));
        }

        private void gauge(
                String name,
                @Nullable String unit,
                String description,
                ToDoubleFunction<OffsiteStatus.OfTarget> value,
                String... tags) {
            Gauge.builder(PREFIX + name, of, state -> state.now(value))
                    .baseUnit(unit)
                    .description(description)
                    .tags(tags(tags))
                    .strongReference(true)
                    .register(registry);
        }

        private void count(
                String name, String description, ToDoubleFunction<OffsiteStatus.OfTarget> soFar, String... tags) {
            FunctionCounter.builder(PREFIX + name, of, state -> state.now(soFar))
                    .description(description)
                    .tags(tags(tags))
                    .register(registry);
        }

        private Tags tags(String... more) {
            return Tags.of("target", of.target().word()).and(more);
        }
    }
}
