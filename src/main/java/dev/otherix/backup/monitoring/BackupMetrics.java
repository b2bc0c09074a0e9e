package dev.otherix.backup.monitoring;

import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.BackupStatus;
import dev.otherix.backup.job.Phase;
import dev.otherix.backup.job.RunListener;
import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.snapshot.Verification;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The metrics of backups. Every series exists before the first run. The values of labels are few and fixed, except the
 * identity of the member, which has one series at a time. A run that a stop of the service cut short is not counted.
 */
final class BackupMetrics implements RunListener {

    static final String PREFIX = "otherix.backup.";

    private static final List<String> OUTCOMES = List.of("success", "local", "failure");
    private static final Set<Phase> TIMED = EnumSet.of(Phase.STREAM, Phase.VERIFY, Phase.COMMIT, Phase.PRUNE);
    private static final Duration[] BUCKETS = Stream.of(
                    "PT0.01S", "PT0.05S", "PT0.25S", "PT1S", "PT5S", "PT15S", "PT30S", "PT1M", "PT2M", "PT5M", "PT10M",
                    "PT30M")
            .map(Duration::parse)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Readings readings;
    private final MultiGauge memberInfo;
    private final Counter pruned;
    private final Counter pruneFailures;

    BackupMetrics(MeterRegistry registry, Readings readings) {
        this.registry = registry;
        this.readings = readings;
        new BackupGauges(registry, readings).register();
        this.pruned = Counter.builder(PREFIX + "pruned")
                .description("Snapshots that retention removed")
                .register(registry);
        this.pruneFailures = Counter.builder(PREFIX + "prune.failures")
                .description("Runs after which retention could not do all of its work")
                .register(registry);
        for (var trigger : Trigger.values()) {
            OUTCOMES.forEach(outcome -> runs(trigger, outcome));
        }
        for (var check : Verification.Check.NAMES) {
            for (var outcome : Verification.Outcome.values()) {
                verifications(check, outcome);
            }
        }
        Heartbeat.counter(registry, true);
        Heartbeat.counter(registry, false);
        for (var phase : TIMED) {
            duration(phase, true);
            duration(phase, false);
        }
        this.memberInfo = MultiGauge.builder(PREFIX + "member.info")
                .description("The member that is backed up, as the labels; always 1")
                .register(registry);
        identify("", "", "");
    }

    @Override
    public void ended(BackupRun run) {
        if (BackupStatus.cutShort(run)) {
            return;
        }
        runs(run.trigger(), run.outcome().word()).increment();
        run.phases().stream()
                .filter(time -> TIMED.contains(time.phase()))
                .forEach(time -> duration(time.phase(), time.succeeded()).record(time.duration()));
        pruned(run.pruned(), run.pruneFailure());
    }

    @Override
    public void prunedAtStart(Pruned done) {
        pruned(done.removed(), done.failure());
    }

    private void pruned(List<SnapshotName> removed, Optional<String> failure) {
        pruned.increment(removed.size());
        failure.ifPresent(_ -> pruneFailures.increment());
        readings.expire();
    }

    /** Counts a check of a snapshot's file. */
    void checked(Verification.Check check) {
        verifications(check.name(), check.outcome()).increment();
    }

    /** Takes the member's report about itself. */
    void seen(MemberStatus member) {
        identify(member.clusterId(), member.memberId(), member.version());
    }

    private void identify(String clusterId, String memberId, String version) {
        // each call replaces the rows of the last one
        memberInfo.register(List.of(
                MultiGauge.Row.of(Tags.of("cluster_id", clusterId, "member_id", memberId, "version", version), 1)));
    }

    private Counter runs(Trigger trigger, String outcome) {
        return Counter.builder(PREFIX + "runs")
                .description("Runs that have ended")
                .tags("trigger", trigger.word(), "outcome", outcome)
                .register(registry);
    }

    private Counter verifications(String check, Verification.Outcome outcome) {
        return Counter.builder(PREFIX + "verifications")
                .description("Checks of snapshots' files, in runs and later")
                .tags("check", check, "outcome", outcome.word())
                .register(registry);
    }

    private Timer duration(Phase phase, boolean succeeded) {
        return Timer.builder(PREFIX + "phase.duration")
                .description("How long the phases of runs took")
                .tags("phase", phase.word(), "outcome", succeeded ? "success" : "failure")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
