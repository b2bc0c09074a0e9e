package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the next periodic run is due: an interval after the newest good snapshot in the directory, no matter
 * what took it or when this process started. A failed tick is retried with growing pauses, which end at the next tick.
 * If the cause is temporary, the retry comes soon.
 */
final class BackupSchedule implements RunListener {

    private static final Logger LOG = LoggerFactory.getLogger(BackupSchedule.class);
    private static final Duration LEAST_GRACE = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofSeconds(10);

    private final BackupProperties backup;
    private final Duration retryAfter;
    private final SnapshotDirectory directory;
    private final Clock clock;
    private final Instant startedAt;
    private volatile Known known;
    private @Nullable Retry retry;
    private int failedTicks;
    private boolean ranOnce;

    BackupSchedule(BackupProperties backup, ScheduleProperties schedule, SnapshotDirectory directory, Clock clock) {
        this.backup = backup;
        this.retryAfter = schedule.retryAfter();
        this.directory = directory;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.known = new Known(startedAt, Optional.empty());
    }

    /** When the next snapshot is due, not moved by retries; empty while the periodic job is off. */
    public Optional<Instant> nextDueAt() {
        return backup.enabled() ? Optional.of(known().due()) : Optional.empty();
    }

    /** When a failed tick is retried; empty if no retry is planned. */
    public synchronized Optional<Instant> nextAttemptAt() {
        return Optional.ofNullable(retry).map(Retry::at);
    }

    /** Whether a periodic snapshot has been missing for longer than a run and its retries explain. */
    public boolean overdue() {
        return nextDueAt()
                .filter(due -> clock.instant().isAfter(due.plus(grace())))
                .isPresent();
    }

    /** Whether the first run is not due yet, or has not started. */
    public boolean beforeFirstRun() {
        var due = known().due();
        synchronized (this) {
            return !ranOnce && !clock.instant().isAfter(due.plus(grace()));
        }
    }

    private Duration grace() {
        var tenth = backup.interval().dividedBy(10);
        return tenth.compareTo(LEAST_GRACE) > 0 ? tenth : LEAST_GRACE;
    }

    /** The run that is due now: its trigger, and whether only a good snapshot is wanted. Empty if none is due. */
    Optional<Tick> next() {
        return backup.enabled() ? next(known()) : Optional.empty();
    }

    private synchronized Optional<Tick> next(Known directory) {
        var now = clock.instant();
        if (retry != null ? retry.waits(now) : now.isBefore(directory.due())) {
            return Optional.empty();
        }
        var tick = lastTick(directory.due(), now);
        var localThere = directory
                .newestLocal()
                .filter(at -> !at.isBefore(tick) && !at.isAfter(now))
                .isPresent();
        return Optional.of(new Tick(
                ranOnce || directory.due().isAfter(startedAt) ? Trigger.SCHEDULE : Trigger.STARTUP, localThere));
    }

    /**
     * A run that is due.
     *
     * @param goodOnly whether this tick already has a local snapshot: a second one would only push out older ones
     */
    record Tick(Trigger trigger, boolean goodOnly) {}

    private Instant lastTick(Instant due, Instant now) {
        return now.isBefore(due)
                ? due
                : due.plus(backup.interval()
                        .multipliedBy(Duration.between(due, now).dividedBy(backup.interval())));
    }

    @Override
    public void ended(BackupRun run) {
        ended(run, known().due());
    }

    private synchronized void ended(BackupRun run, Instant due) {
        ranOnce = true;
        if (run.outcome().good()) {
            retry = null;
            failedTicks = 0;
        } else if (run.trigger() != Trigger.REQUEST) {
            if (run.outcome() instanceof Outcome.Failed failed && failed.passesSoon()) {
                retry = retryAfter(due, retryAfter.compareTo(SOON) < 0 ? retryAfter : SOON);
                return;
            }
            retry = retryAfter(due, failedTicks > 30 ? backup.interval() : retryAfter.multipliedBy(1L << failedTicks));
            failedTicks++;
        }
    }

    private Retry retryAfter(Instant due, Duration pause) {
        var now = clock.instant();
        var nextTick = due.isAfter(now) ? due : lastTick(due, now).plus(backup.interval());
        var afterPause = now.plus(pause);
        return new Retry(now, afterPause.isAfter(nextTick) ? nextTick : afterPause);
    }

    /** A retry that waits from one time to another; if the clock was set back, the retry does not wait longer. */
    private record Retry(Instant since, Instant at) {

        boolean waits(Instant now) {
            return now.isBefore(at) && !now.isBefore(since);
        }
    }

    /**
     * The state of the directory now, or the last known one if it cannot be read: then a due run stays due, and the run
     * reports the reason.
     */
    private Known known() {
        try {
            var newest = new ArrayList<Snapshot>();
            var good = directory
                    .newestFirst()
                    .filter(Snapshot::verified)
                    .peek(newest::add)
                    .filter(snapshot -> !snapshot.local())
                    .findFirst();
            var due = good.map(snapshot -> takenAt(snapshot)
                            .map(at -> at.plus(backup.interval()))
                            .orElseGet(clock::instant))
                    .orElseGet(this::start);
            known = new Known(
                    due, newest.stream().filter(Snapshot::local).findFirst().map(Snapshot::createdAt));
        } catch (DirectoryFailure unreadable) {
            LOG.debug("the directory cannot be read", unreadable);
        }
        return known;
    }

    /**
     * What the schedule knows about the directory.
     *
     * @param due an interval after the newest good snapshot
     * @param newestLocal when the newest local one was taken, if that is newer
     */
    private record Known(Instant due, Optional<Instant> newestLocal) {}

    /** When this process started, or now if the clock was set back before that. */
    private Instant start() {
        var now = clock.instant();
        return now.isBefore(startedAt) ? now : startedAt;
    }

    /** When a snapshot was taken; the time of its file if its own is in the future, and empty if both are. */
    private Optional<Instant> takenAt(Snapshot snapshot) {
        var now = clock.instant();
        if (!snapshot.createdAt().isAfter(now)) {
            return Optional.of(snapshot.createdAt());
        }
        return Optional.of(directory.modifiedAt(snapshot.name())).filter(modified -> !modified.isAfter(now));
    }
}
