package dev.otherix.backup.monitoring;

import dev.otherix.backup.job.BackupStatus;
import dev.otherix.backup.job.Reason;
import dev.otherix.backup.offsite.OffsiteStatus;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.LastRun;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Lists the reasons why health is DOWN, causes before effects, each with what to do. */
final class Problems {

    private final BackupStatus state;

    private Problems(BackupStatus state) {
        this.state = state;
    }

    /**
     * @param gone why the directory is not the one of earlier starts
     * @param offsite the state of off-site copies; empty if they are off
     */
    static List<Reason> of(BackupStatus state, Optional<String> gone, Optional<OffsiteStatus> offsite) {
        var problems = new Problems(state);
        var other = gone.map(why -> new Reason(Reason.Code.DIRECTORY_GONE, why));
        var here = Stream.of(
                        problems.directory(),
                        other,
                        problems.corruptMember(),
                        problems.corruptSnapshots(),
                        problems.unreadableSnapshots(),
                        problems.lastAttempt(),
                        problems.overdue())
                .flatMap(Optional::stream);
        return Stream.concat(here, offsite.stream().flatMap(Problems::copies)).toList();
    }

    private static Stream<Reason> copies(OffsiteStatus offsite) {
        return offsite.targets().stream()
                .flatMap(target -> target.findings().stream())
                .sorted(Comparator.comparing(OffsiteStatus.Finding::code))
                .map(finding -> new Reason(finding.code().word(), finding.message()));
    }

    private Optional<Reason> directory() {
        return state.directory()
                .failure()
                .map(why ->
                        new Reason(why.code(), "no snapshot can be kept: " + why.message() + "; " + whenItIsBack(why)));
    }

    private static String whenItIsBack(Reason why) {
        return why.is(Reason.Code.DIRECTORY_HANGS)
                ? "backups continue when it answers, without a restart"
                : "restore the directory, or restart the service when the right one is there";
    }

    private Optional<Reason> corruptMember() {
        return state.alarm("CORRUPT")
                ? reason(
                        Reason.Code.ETCD_CORRUPT,
                        "etcd has raised the alarm CORRUPT: the data of one member differs from that of the others, "
                                + "and a snapshot may hold the wrong data; find that member with 'etcdctl alarm list',"
                                + " replace it, and disarm the alarm")
                : Optional.empty();
    }

    private Optional<Reason> corruptSnapshots() {
        var corrupt = state.directory().bad().corrupt();
        return corrupt == 0
                ? Optional.empty()
                : reason(
                        Reason.Code.SNAPSHOT_CORRUPT,
                        corrupt + " snapshot(s) were found corrupt and renamed to .corrupt in "
                                + state.settings().dir()
                                + ": check the disk, then move these files away or delete them");
    }

    private Optional<Reason> unreadableSnapshots() {
        var unreadable = state.directory().bad().unreadable();
        return unreadable.isEmpty()
                ? Optional.empty()
                : reason(
                        Reason.Code.SNAPSHOT_UNREADABLE,
                        unreadable.size()
                                + " snapshot(s) cannot be read, and do not count as backups until they can; nothing "
                                + "was changed. The newest:  in "
                                + state.settings().dir() + ": " + unreadable.getFirst());
    }

    private Optional<Reason> lastAttempt() {
        return state.lastAttempt().flatMap(run -> switch (run.outcome()) {
            case SUCCESS -> Optional.empty();
            case LOCAL -> reason(Reason.Code.LOCAL_ONLY, onlyLocal(run));
            case FAILURE -> reason(Reason.Code.LAST_RUN_FAILED, failed(run));
        });
    }

    private String failed(LastRun run) {
        return "the last backup (trigger " + run.trigger().word() + ", begun " + second(run.startedAt()) + ") failed: "
                + (run.error() == null ? "?" : run.error().message())
                + "; fix the cause"
                + state.plan()
                        .nextAttemptAt()
                        .or(() -> state.plan().nextDueAt())
                        .map(at -> ", the next try is at " + second(at))
                        .orElse(" and request a snapshot, no retry is planned");
    }

    private static String onlyLocal(LastRun run) {
        var reason = run.consistencyReason();
        return "only local snapshots succeed: " + run.name()
                + " holds what this member had, and may lack writes that the cluster had" + " acknowledged; "
                + (reason == null ? "check the cluster" : advice(reason));
    }

    private static String advice(Consistency.Reason reason) {
        return switch (reason) {
            case NO_QUORUM -> "the cluster has no quorum: bring its members back";
            case LEARNER -> "this member is a learner: promote it, or rely on the backups of a voting member";
            case TIMEOUT -> "this member did not catch up in time: check its load, its disk and its network";
        };
    }

    private Optional<Reason> overdue() {
        return state.plan().overdue()
                ? reason(
                        Reason.Code.OVERDUE,
                        "a backup is overdue: it was due at "
                                + state.plan().nextDueAt().map(Problems::second).orElse("?")
                                + (state.running() ? ", and the current run has not ended" : "")
                                + "; check the service's log for the cause")
                : Optional.empty();
    }

    private static Optional<Reason> reason(Reason.Code code, String message) {
        return Optional.of(new Reason(code, message));
    }

    static String second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
