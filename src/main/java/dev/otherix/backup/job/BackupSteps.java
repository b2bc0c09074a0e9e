package dev.otherix.backup.job;

import dev.otherix.backup.check.CheckedFile;
import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.check.HashComparison;
import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.MemberConnection;
import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.etcd.ReadBarrier;
import dev.otherix.backup.etcd.StreamLimits;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.PendingSnapshot;
import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.Cancelled;
import dev.otherix.backup.task.TaskFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run, step by step: the only place that defines the order of the steps. */
final class BackupSteps {

    private static final Duration STATUS_LIMIT = Duration.ofSeconds(10);
    private static final Duration BARRIER_LIMIT = Duration.ofSeconds(10);
    private static final Duration MEMBERS_LIMIT = Duration.ofSeconds(5);

    private final EtcdMember member;
    private final StreamProperties stream;
    private final SnapshotDirectory directory;
    private final FileCheck files;
    private final HashComparison hash;
    private final Retention retention;
    private final Room room;
    private final Timeline timeline;
    private final Clock clock;

    BackupSteps(
            EtcdMember member,
            StreamProperties stream,
            SnapshotDirectory directory,
            FileCheck files,
            HashComparison hash,
            Retention retention,
            Timeline timeline) {
        this.member = member;
        this.stream = stream;
        this.directory = directory;
        this.files = files;
        this.hash = hash;
        this.retention = retention;
        this.room = new Room(directory, new EarlyPrune(directory, retention, files));
        this.timeline = timeline;
        this.clock = timeline.clock();
    }

    /**
     * Why a run is made.
     *
     * @param requests the requests that it answers, none for a scheduled run
     * @param goodOnly whether it must not add a local snapshot, because this tick already has one
     */
    record Purpose(Trigger trigger, List<RunRequest> requests, boolean goodOnly) {

        /** Whether a caller still waits for it. */
        boolean isWaitedFor(Instant now) {
            return requests.stream().anyMatch(request -> now.isBefore(request.until()));
        }
    }

    /** Takes a snapshot and prunes. Never throws: a failure becomes the run's outcome. */
    BackupRun run(Purpose purpose, RunProgress progress) {
        var startedAt = clock.instant();
        var removed = new ArrayList<SnapshotName>();
        var outcome = take(purpose, progress, removed);
        while (outcome instanceof Outcome.Failed failed
                && failed.passesSoon()
                && purpose.isWaitedFor(clock.instant())) {
            outcome = take(purpose, progress, removed);
        }
        var pruned = Pruned.NOTHING;
        if (outcome instanceof Outcome.Saved(Snapshot saved)) {
            progress.enter(Phase.PRUNE);
            pruned = retention.prune();
            outcome = new Outcome.Saved(asRecorded(saved));
        }
        removed.addAll(pruned.removed());
        var phases = progress.end(
                outcome instanceof Outcome.Saved && pruned.failure().isEmpty());
        return new BackupRun(
                purpose.trigger(), startedAt, clock.instant(), outcome, phases, List.copyOf(removed), pruned.failure());
    }

    /**
     * Retention has written into the record why the snapshot is kept. If the record cannot be read now, the snapshot is
     * still proven.
     */
    private Snapshot asRecorded(Snapshot saved) {
        try {
            return directory.find(saved.name()).filter(Snapshot::verified).orElse(saved);
        } catch (DirectoryFailure unreadable) {
            // retention has met the same error and reported it
            return saved;
        }
    }

    private Outcome take(Purpose purpose, RunProgress progress, List<SnapshotName> removed) {
        try {
            progress.enter(Phase.BARRIER);
            // first the checks that need no member
            room.make(0, removed);
            room.warnNearLimitOnce();
            try (var connection = member.connect()) {
                return take(purpose, progress, connection, removed);
            }
        } catch (EtcdFailure failure) {
            return failed(progress, TaskFailure.Code.ETCD_FAILED, failure.problem(), Map.of(), failure);
        } catch (DirectoryFailure failure) {
            Map<String, Object> details =
                    failure.missingBytes() > 0 ? Map.of("missing_bytes", failure.missingBytes()) : Map.of();
            return failed(progress, TaskFailure.Code.DIRECTORY_FAILED, failure.problem(), details, failure);
        } catch (UncheckedIOException unreadable) {
            return failed(
                    progress,
                    TaskFailure.Code.DIRECTORY_FAILED,
                    String.valueOf(unreadable.getMessage()),
                    Map.of(),
                    unreadable);
        } catch (RuntimeException unforeseen) {
            return failed(
                    progress, TaskFailure.Code.INTERNAL, String.valueOf(unforeseen.getMessage()), Map.of(), unforeseen);
        }
    }

    private static Outcome failed(
            RunProgress progress,
            TaskFailure.Code code,
            String problem,
            Map<String, Object> details,
            RuntimeException cause) {
        if (progress.cancelled()) {
            return new Outcome.Failed(new TaskFailure(
                    TaskFailure.Code.SHUTTING_DOWN, "the service is stopping; nothing was kept", Map.of(), cause));
        }
        return new Outcome.Failed(new TaskFailure(code, problem, details, cause));
    }

    private Outcome take(
            Purpose purpose, RunProgress progress, MemberConnection connection, List<SnapshotName> removed) {
        var status = connection.status(STATUS_LIMIT);
        room.make(status.dbSizeBytes(), removed);
        var barrier = connection.barrier(BARRIER_LIMIT);
        if (purpose.goodOnly() && barrier instanceof ReadBarrier.Local(Consistency.Reason reason)) {
            return new Outcome.Failed(new TaskFailure(
                    TaskFailure.Code.NO_QUORUM,
                    "the member cannot confirm what the cluster has committed (" + reason.word()
                            + "), and a local snapshot was taken before; none is added",
                    Map.of(),
                    null));
        }
        var facts = RecordDraft.member(
                status, barrier, connection.members(MEMBERS_LIMIT).orElse(null));
        var record = new RecordDraft(purpose, nextName(), clock.instant().truncatedTo(ChronoUnit.MILLIS), facts);
        try (var pending = directory.begin(record.name())) {
            progress.enter(Phase.STREAM);
            var sink = new StreamInto(pending, progress, clock);
            connection.stream(sink, StreamLimits.of(stream, status.dbSizeBytes()));
            progress.enter(Phase.VERIFY);
            var checked = check(pending, connection, status, barrier);
            var snapshot = record.with(checked, directory.list(), timeline.of(status.clusterId()), sink.began());
            if (!checked.good()) {
                return rejected(pending, snapshot, checked);
            }
            progress.enter(Phase.COMMIT);
            return new Outcome.Saved(pending.commit(snapshot));
        }
    }

    private CheckedFile check(
            PendingSnapshot pending, MemberConnection connection, MemberStatus status, ReadBarrier barrier) {
        try {
            var checked =
                    files.streamed(pending::open, status.version(), file -> hash.compare(connection, status, file));
            return barrier instanceof ReadBarrier.Linearizable(long confirmed) ? checked.mustHold(confirmed) : checked;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "the streamed file cannot be checked: " + DirectoryFailure.words(unreadable), unreadable);
        }
    }

    private static Outcome rejected(PendingSnapshot pending, Snapshot record, CheckedFile checked) {
        var kept = "; it was kept as " + record.name() + ".rejected; check the disk of this host and of the member";
        try {
            pending.reject(record);
        } catch (DirectoryFailure notKept) {
            kept = "; it could not be kept (" + notKept.problem() + ")";
        }
        return new Outcome.Failed(new TaskFailure(
                TaskFailure.Code.VERIFICATION_FAILED,
                "the file that the member sent is not a good snapshot: " + checked.summary() + kept,
                checked.details(),
                null));
    }

    /** Waits for the next second if the last snapshot has the current one. */
    private SnapshotName nextName() {
        var now = clock.instant();
        var name = directory.nextName(now);
        if (name.second().isAfter(now) && Duration.between(now, name.second()).compareTo(Duration.ofSeconds(1)) <= 0) {
            try {
                Thread.sleep(Duration.between(now, name.second()));
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
                throw new Cancelled("the run was cancelled");
            }
        }
        return name;
    }
}
