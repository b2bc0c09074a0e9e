package dev.otherix.backup.monitoring;

import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.BackupStatus;
import dev.otherix.backup.job.DirectoryStatus;
import dev.otherix.backup.job.Outcome;
import dev.otherix.backup.job.Phase;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.TaskFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A state in which all is well, and what may be otherwise in it. */
record Situation(BackupStatus state) {

    static final Instant NOW = Instant.parse("2026-06-06T12:00:00Z");
    static final Path DIR = Path.of("/var/backups/otherix-etcd");
    static final MemberStatus MEMBER = member("3.6.14");

    /** Periodic backups are on, nothing was run yet, and the first run is not due. */
    static Situation beforeFirstRun(DirectoryStatus directory) {
        return new Situation(new BackupStatus(
                new BackupProperties(true, Duration.ofHours(6), DIR, 7),
                directory,
                Optional.empty(),
                new BackupStatus.Plan(Optional.of(NOW.plusSeconds(3600)), Optional.empty(), false, true),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new MemberWatch.Sight(Optional.of(MEMBER), Optional.empty()))));
    }

    static MemberStatus member(String version, String... alarms) {
        return new MemberStatus(
                version,
                "cdf818194e3a8c32",
                "8e9e05c52164694d",
                MemberFacts.Role.LEADER,
                true,
                4096,
                List.of(alarms),
                7);
    }

    static BackupRun saved(Snapshot snapshot) {
        return run(Trigger.SCHEDULE, new Outcome.Saved(snapshot));
    }

    static BackupRun requested(Snapshot snapshot) {
        return run(Trigger.REQUEST, new Outcome.Saved(snapshot));
    }

    static BackupRun failed(Trigger trigger, TaskFailure.Code code, String message) {
        return run(trigger, new Outcome.Failed(new TaskFailure(code, message, Map.of(), null)));
    }

    private static BackupRun run(Trigger trigger, Outcome outcome) {
        return new BackupRun(
                trigger,
                NOW.minusSeconds(60),
                NOW,
                outcome,
                List.of(new BackupRun.PhaseTime(Phase.BARRIER, outcome instanceof Outcome.Saved, Duration.ofMillis(5))),
                List.of(),
                Optional.empty());
    }

    Situation off() {
        return with(new BackupProperties(false, Duration.ofHours(6), DIR, 7));
    }

    Situation withoutDir() {
        return with(new BackupProperties(false, Duration.ofHours(6), null, 7));
    }

    private Situation with(BackupProperties settings) {
        var plan = new BackupStatus.Plan(Optional.empty(), Optional.empty(), false, true);
        return new Situation(new BackupStatus(
                settings,
                state.directory(),
                state.lastAttempt(),
                plan,
                state.runningTask(),
                state.sharedDirectory(),
                state.member()));
    }

    Situation after(BackupRun run) {
        var plan = new BackupStatus.Plan(state.plan().nextDueAt(), state.plan().nextAttemptAt(), false, false);
        return new Situation(new BackupStatus(
                state.settings(),
                state.directory(),
                Optional.of(run.remembered()),
                plan,
                state.runningTask(),
                state.sharedDirectory(),
                state.member()));
    }

    Situation retryAt(Instant at) {
        return with(new BackupStatus.Plan(state.plan().nextDueAt(), Optional.of(at), false, false));
    }

    Situation overdueSince(Instant due) {
        return with(new BackupStatus.Plan(Optional.of(due), Optional.empty(), true, false));
    }

    private Situation with(BackupStatus.Plan plan) {
        return new Situation(new BackupStatus(
                state.settings(),
                state.directory(),
                state.lastAttempt(),
                plan,
                state.runningTask(),
                state.sharedDirectory(),
                state.member()));
    }

    Situation running() {
        return new Situation(new BackupStatus(
                state.settings(),
                state.directory(),
                state.lastAttempt(),
                state.plan(),
                Optional.of("a-task"),
                state.sharedDirectory(),
                state.member()));
    }

    Situation shared(String reason) {
        return new Situation(new BackupStatus(
                state.settings(),
                state.directory(),
                state.lastAttempt(),
                state.plan(),
                state.runningTask(),
                Optional.of(reason),
                state.member()));
    }

    Situation seeing(MemberWatch.Sight sight) {
        return new Situation(new BackupStatus(
                state.settings(),
                state.directory(),
                state.lastAttempt(),
                state.plan(),
                state.runningTask(),
                state.sharedDirectory(),
                Optional.of(sight)));
    }

    Situation seeingNothingYet() {
        return new Situation(new BackupStatus(
                state.settings(),
                state.directory(),
                state.lastAttempt(),
                state.plan(),
                state.runningTask(),
                state.sharedDirectory(),
                Optional.empty()));
    }

    Situation in(DirectoryStatus directory) {
        return new Situation(new BackupStatus(
                state.settings(),
                directory,
                state.lastAttempt(),
                state.plan(),
                state.runningTask(),
                state.sharedDirectory(),
                state.member()));
    }
}
