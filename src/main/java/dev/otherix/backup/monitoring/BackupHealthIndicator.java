package dev.otherix.backup.monitoring;

import dev.otherix.backup.drill.DrillStatus;
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.job.BackupStatus;
import dev.otherix.backup.job.Reason;
import dev.otherix.backup.offsite.OffsiteStatus;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.Verification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether backups can be relied on. DOWN if anything is wrong, even while periodic backups are off: a failed request or
 * a corrupt file matters then too. Otherwise UNKNOWN while they are off or before the first run is due, else UP. Each
 * call reads the directory; etcd is not asked.
 */
final class BackupHealthIndicator extends AbstractHealthIndicator {

    private final Supplier<BackupStatus> look;
    private final Supplier<Optional<String>> gone;
    private final Supplier<Optional<OffsiteStatus>> offsite;
    private final Supplier<DrillStatus> drills;

    /**
     * @param gone why the directory is not the one of earlier starts
     * @param offsite the state of off-site copies; empty if they are off
     * @param drills one that failed or is missing is shown, and is no reason for DOWN: the snapshots are there
     */
    BackupHealthIndicator(
            Supplier<BackupStatus> look,
            Supplier<Optional<String>> gone,
            Supplier<Optional<OffsiteStatus>> offsite,
            Supplier<DrillStatus> drills) {
        super("backup health could not be computed");
        this.look = look;
        this.gone = gone;
        this.offsite = offsite;
        this.drills = drills;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        var state = look.get();
        var copies = offsite.get();
        var problems = Problems.of(state, gone.get(), copies);
        if (!problems.isEmpty()) {
            because(problems, health.down());
        } else if (!state.settings().enabled()) {
            because(
                    List.of(new Reason(
                            Reason.Code.DISABLED,
                            "periodic backups are off: set workers.backup.enabled to true"
                                    + (state.settings().dir() == null
                                            ? " and workers.backup.dir to a directory for snapshots"
                                            : ""))),
                    health.unknown());
        } else if (state.directory().lastSuccess().isEmpty()
                && (state.plan().beforeFirstRun() || state.lastAttempt().isEmpty())) {
            because(
                    List.of(new Reason(
                            Reason.Code.NOT_DUE_YET,
                            "there is no good snapshot yet; "
                                    + (state.running()
                                            ? "one is running"
                                            : "nothing is due before " + due(state) + ", when the first is due"))),
                    health.unknown());
        } else {
            health.up()
                    .withDetail("reason", success(state) + "; nothing to do, the next is due at " + due(state))
                    .withDetail("reasons", List.of());
        }
        details(state, health);
        var drill = drill(drills.get());
        if (!drill.isEmpty()) {
            health.withDetail("drill", drill);
        }
        copies.ifPresent(known -> {
            health.withDetail(
                    "offsite",
                    known.targets().stream().map(BackupHealthIndicator::copies).toList());
            if (!known.remarks().isEmpty()) {
                health.withDetail("offsite_remarks", known.remarks());
            }
        });
    }

    /** None if there is nothing to say of drills. */
    private static Map<String, Object> drill(DrillStatus state) {
        var details = new LinkedHashMap<String, Object>();
        state.last().ifPresent(last -> {
            details.put("finished_at", Problems.second(last.finishedAt()));
            details.put("outcome", last.outcome().word());
            if (last.detail() != null) {
                details.put("detail", last.detail());
            }
        });
        state.snapshot().ifPresent(name -> details.put("snapshot", name.toString()));
        state.missingAfter()
                .filter(_ -> state.missing())
                .ifPresent(after -> details.put("missing_since", Problems.second(after)));
        state.skipped()
                .ifPresent(skip ->
                        details.put("skipped", Map.of("at", Problems.second(skip.at()), "reason", skip.reason())));
        return details;
    }

    private static Map<String, Object> copies(OffsiteStatus.OfTarget target) {
        var details = new LinkedHashMap<String, Object>();
        details.put("target", target.target().word());
        details.put("last_success", target.lastSuccessAt().map(Problems::second).orElse("never"));
        details.put("pending", target.pending());
        target.error().ifPresent(error -> details.put("error", error));
        return details;
    }

    private static void because(List<Reason> worstFirst, Health.Builder health) {
        health.withDetail("reason", worstFirst.getFirst().message()).withDetail("reasons", worstFirst);
    }

    private static void details(BackupStatus state, Health.Builder health) {
        if (state.settings().dir() != null) {
            health.withDetail("dir", state.settings().dir().toString());
        }
        if (state.directory().failure().isEmpty()) {
            health.withDetail(
                    "last_success",
                    state.directory().lastSuccess().map(Problems::second).orElse("never"));
        }
        state.lastAttempt().ifPresent(run -> health.withDetail("last_attempt", attempt(run)));
        state.plan().nextDueAt().ifPresent(at -> health.withDetail("next_due_at", Problems.second(at)));
        state.plan().nextAttemptAt().ifPresent(at -> health.withDetail("next_attempt_at", Problems.second(at)));
        health.withDetail("overdue", state.plan().overdue());
        health.withDetail("running", state.running());
        state.directory()
                .ca()
                .filter(ca -> ca.outcome() == Verification.Outcome.FAILED)
                .ifPresent(ca ->
                        health.withDetail("ca_mismatch", ca.detail() + "; a restore needs the CA of the snapshot"));
        state.sharedDirectory().ifPresent(reason -> health.withDetail("shared_directory", reason));
        state.member().flatMap(MemberWatch.Sight::error).ifPresent(error -> health.withDetail("etcd_error", error));
        health.withDetail(
                "etcd_alarms",
                state.memberStatus().map(status -> status.alarms()).orElse(List.of()));
    }

    private static Map<String, String> attempt(LastRun run) {
        var details = new LinkedHashMap<String, String>();
        details.put("started_at", Problems.second(run.startedAt()));
        details.put("trigger", run.trigger().word());
        details.put("outcome", run.outcome().word());
        if (run.error() != null) {
            details.put("error", run.error().message());
        }
        return details;
    }

    private static String success(BackupStatus state) {
        return state.lastAttempt().isPresent()
                ? "the last backup succeeded"
                : "no later run is known than that of the newest verified snapshot, taken at "
                        + state.directory().lastSuccess().map(Problems::second).orElse("an unknown time");
    }

    private static String due(BackupStatus state) {
        return state.plan().nextDueAt().map(Problems::second).orElse("an unknown time");
    }
}
