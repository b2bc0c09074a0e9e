package dev.otherix.backup.monitoring;

import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.Outcome;
import dev.otherix.backup.job.RunFailure;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.Snapshot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Names what makes health DOWN, a cause before its effects, each in words that say what to do. */
final class Problems {

    private final BackupState state;

    private Problems(BackupState state) {
        this.state = state;
    }

    /** @param gone why the directory is not the one of earlier starts */
    static List<String> of(BackupState state, Optional<String> gone) {
        var problems = new Problems(state);
        return Stream.of(problems.directory(), gone, problems.corruptMember(), problems.corruptSnapshots(),
                problems.unreadableSnapshots(), problems.lastAttempt(), problems.overdue()).flatMap(Optional::stream).toList();
    }

    private Optional<String> directory() {
        return state.directory().failure().map(why -> "no snapshot can be kept: " + why
                + "; bring the directory back as it was, or restart the service when the right one is there");
    }

    private Optional<String> corruptMember() {
        return state.alarm("CORRUPT") ? Optional.of("etcd has raised the alarm CORRUPT: the data of one member differ from those of the"
                + " others, and a snapshot may hold the wrong ones; find that member with 'etcdctl alarm list', replace it, and disarm"
                + " the alarm") : Optional.empty();
    }

    private Optional<String> corruptSnapshots() {
        int corrupt = state.directory().bad().corrupt();
        return corrupt == 0 ? Optional.empty() : Optional.of(corrupt + " snapshot(s) turned out corrupt and got the ending .corrupt in "
                + state.settings().dir() + ": check the disk, then move these files away or delete them");
    }

    private Optional<String> unreadableSnapshots() {
        var unreadable = state.directory().bad().unreadable();
        return unreadable.isEmpty() ? Optional.empty() : Optional.of(unreadable.size() + " snapshot(s) cannot be read, and do not count as"
                + " backups until they can; nothing was changed. The newest: " + unreadable.getFirst());
    }

    private Optional<String> lastAttempt() {
        return state.lastAttempt().flatMap(run -> switch (run.outcome()) {
            case Outcome.Saved(Snapshot saved) -> saved.linearizable() ? Optional.empty() : Optional.of(onlyLocal(saved));
            case Outcome.Failed(RunFailure failure) -> Optional.of(failed(run, failure));
        });
    }

    private String failed(BackupRun run, RunFailure failure) {
        return "the last backup (trigger " + run.trigger().word() + ", begun " + second(run.startedAt()) + ") failed: " + failure.message()
                + "; mend that" + state.plan().nextAttemptAt().or(() -> state.plan().nextDueAt())
                        .map(at -> ", the next try is at " + second(at)).orElse(" and ask for a snapshot, no try is planned");
    }

    private static String onlyLocal(Snapshot saved) {
        var reason = saved.etcd() == null ? null : saved.etcd().consistencyReason();
        return "only local snapshots succeed: " + saved.name() + " holds what this member had, and may lack writes that the cluster had"
                + " acknowledged; " + (reason == null ? "look at the cluster" : advice(reason));
    }

    private static String advice(Consistency.Reason reason) {
        return switch (reason) {
            case NO_QUORUM -> "the cluster has no quorum: bring its members back";
            case LEARNER -> "this member is a learner: promote it, or rely on the backups of a voting member";
            case TIMEOUT -> "this member did not catch up in time: look at its load, its disk and its network";
        };
    }

    private Optional<String> overdue() {
        return state.plan().overdue() ? Optional.of("a backup is overdue: it was due at "
                + state.plan().nextDueAt().map(Problems::second).orElse("?") + (state.running() ? ", and the run under way has not ended"
                        : "") + "; look at the service's log for what keeps it") : Optional.empty();
    }

    static String second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
