package dev.otherix.backup.job;

import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.MemberConnection;
import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.etcd.ReadBarrier;
import dev.otherix.backup.etcd.SnapshotSink;
import dev.otherix.backup.etcd.StreamLimits;
import dev.otherix.backup.etcd.StreamProgress;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.etcd.StreamedSnapshot;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Lineage;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.PendingSnapshot;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.snapshot.Verification;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run, step by step: the only place where their order is written. */
final class BackupSteps {

    private static final Duration STATUS_LIMIT = Duration.ofSeconds(10);
    private static final Duration BARRIER_LIMIT = Duration.ofSeconds(10);
    private static final Duration MEMBERS_LIMIT = Duration.ofSeconds(5);
    private static final int FOOTER_BYTES = 32;

    private final EtcdMember member;
    private final StreamProperties stream;
    private final SnapshotDirectory directory;
    private final Retention retention;
    private final Clock clock;

    BackupSteps(EtcdMember member, StreamProperties stream, SnapshotDirectory directory, Retention retention, Clock clock) {
        this.member = member;
        this.stream = stream;
        this.directory = directory;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * What a run is to do.
     *
     * @param demands the requests that it answers, none for a scheduled one
     * @param goodOnly whether a snapshot of only what the local member has is not wanted: an earlier one of this tick is there
     */
    record Order(Trigger trigger, List<Demand> demands, boolean goodOnly) {}

    /** Takes a snapshot and prunes. Never throws: what went wrong is the run's outcome. */
    BackupRun run(Order order, RunProgress progress) {
        var startedAt = clock.instant();
        var outcome = take(order, progress);
        var pruned = new Retention.Pruned(List.of(), Optional.empty());
        if (outcome instanceof Outcome.Saved(Snapshot saved)) {
            progress.enter(Phase.PRUNE);
            pruned = retention.prune();
            outcome = new Outcome.Saved(asRecorded(saved));
        }
        var phases = progress.end(outcome instanceof Outcome.Saved && pruned.failure().isEmpty());
        return new BackupRun(order.trigger(), startedAt, clock.instant(), outcome, phases, pruned.removed(), pruned.failure());
    }

    /** Retention has written into the record why the snapshot is kept. */
    private Snapshot asRecorded(Snapshot saved) {
        try {
            return directory.find(saved.name()).orElse(saved);
        } catch (DirectoryFailure unreadable) {
            // retention has met the same and said so
            return saved;
        }
    }

    private Outcome take(Order order, RunProgress progress) {
        try {
            progress.enter(Phase.BARRIER);
            // what needs no member is checked first
            directory.space().require(0);
            try (var connection = member.connect()) {
                return take(order, progress, connection);
            }
        } catch (EtcdFailure failure) {
            return failed(progress, RunFailure.Code.ETCD_FAILED, failure, Map.of());
        } catch (DirectoryFailure failure) {
            Map<String, Object> details = failure.missingBytes() > 0 ? Map.of("missing_bytes", failure.missingBytes()) : Map.of();
            return failed(progress, RunFailure.Code.DIRECTORY_FAILED, failure, details);
        } catch (RuntimeException unforeseen) {
            return failed(progress, RunFailure.Code.INTERNAL, unforeseen, Map.of());
        }
    }

    private static Outcome failed(RunProgress progress, RunFailure.Code code, RuntimeException cause, Map<String, Object> details) {
        if (progress.cancelled()) {
            return new Outcome.Failed(new RunFailure(RunFailure.Code.SHUTTING_DOWN, "the service is stopping; nothing was kept",
                    Map.of(), cause));
        }
        return new Outcome.Failed(new RunFailure(code, String.valueOf(cause.getMessage()), details, cause));
    }

    private Outcome take(Order order, RunProgress progress, MemberConnection connection) {
        var status = connection.status(STATUS_LIMIT);
        directory.space().require(status.dbSizeBytes());
        var barrier = connection.barrier(BARRIER_LIMIT);
        if (order.goodOnly() && barrier instanceof ReadBarrier.Local(Consistency.Reason reason)) {
            return new Outcome.Failed(new RunFailure(RunFailure.Code.NO_QUORUM, "the member cannot confirm what the cluster has committed ("
                    + reason.word() + "), and a local snapshot was taken before; none is added", Map.of(), null));
        }
        var facts = facts(status, barrier, connection.members(MEMBERS_LIMIT).orElse(null));
        var name = nextName();
        var createdAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        try (var pending = directory.begin(name)) {
            progress.enter(Phase.STREAM);
            var streamed = connection.stream(into(pending, progress), limits(status), new StreamProgress());
            progress.enter(Phase.VERIFY);
            var verification = verify(streamed);
            var snapshot = record(order, name, createdAt, facts, streamed, verification);
            progress.enter(Phase.COMMIT);
            return new Outcome.Saved(pending.commit(snapshot));
        }
    }

    /** Waits for the next second where the last snapshot has this one. */
    private SnapshotName nextName() {
        var now = clock.instant();
        var name = directory.nextName(now);
        if (name.second().isAfter(now) && Duration.between(now, name.second()).compareTo(Duration.ofSeconds(1)) <= 0) {
            try {
                Thread.sleep(Duration.between(now, name.second()));
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
                throw new RunProgress.Cancelled();
            }
        }
        return name;
    }

    private static MemberFacts facts(MemberStatus status, ReadBarrier barrier, @Nullable List<MemberFacts.Member> members) {
        var reason = barrier instanceof ReadBarrier.Local(Consistency.Reason why) ? why : null;
        return new MemberFacts(status.version(), status.clusterId(), status.memberId(), status.role(),
                reason == null ? Consistency.LINEARIZABLE : Consistency.LOCAL, reason, status.alarms(), members);
    }

    private StreamLimits limits(MemberStatus status) {
        var rate = stream.rateLimit();
        return new StreamLimits(stream.stallTimeout(), stream.timeout(), rate == null ? 0 : rate.toBytes(), status.dbSizeBytes());
    }

    private static SnapshotSink into(PendingSnapshot pending, RunProgress progress) {
        return new SnapshotSink() {
            @Override
            public void begin(long announcedBytes) {
                progress.expect(announcedBytes + FOOTER_BYTES);
                pending.expect(announcedBytes + FOOTER_BYTES);
            }

            @Override
            public void write(ByteBuffer bytes) {
                pending.write(bytes);
                progress.reached(pending.written());
            }
        };
    }

    /** The stream has compared length and footer already; a later check of the temporary file belongs here. */
    private Verification verify(StreamedSnapshot streamed) {
        var footer = new Verification.Check("footer", Verification.Outcome.PASSED, null, null, null);
        return new Verification(Verification.State.VERIFIED, clock.instant().truncatedTo(ChronoUnit.MILLIS), List.of(footer));
    }

    private Snapshot record(Order order, SnapshotName name, Instant createdAt, MemberFacts facts, StreamedSnapshot streamed,
            Verification verification) {
        return new Snapshot(name, createdAt, streamed.fileBytes(), streamed.fileSha256(), null, null, null, null, null, facts,
                order.trigger(), order.demands().stream().map(Demand::request).toList(),
                Lineage.of(name, facts.clusterId(), null, directory.list()), order.demands().stream().anyMatch(Demand::pinned), List.of(),
                null, verification);
    }
}
