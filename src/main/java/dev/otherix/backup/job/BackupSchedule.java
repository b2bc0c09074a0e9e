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
 * Decides when the next periodic run is due: an interval after the newest good snapshot in the directory, whoever took
 * it and whenever this process started. A failed tick is tried again with growing pauses, which never reach past the
 * next tick. If it failed for something that ends by itself, it is tried again soon.
 */
public final class BackupSchedule implements RunListener {

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

    /** When the next snapshot should be there, moved by no retry; empty while the periodic job is off. */
    public Optional<Instant> nextDueAt() {
        return backup.enabled() ? Optional.of(known().due()) : Optional.empty();
    }

    /** When a failed tick is tried again; empty where none waits for that. */
    public synchronized Optional<Instant> nextAttemptAt() {
        return Optional.ofNullable(retry).map(Retry::at);
    }

    /** Whether a periodic snapshot is missing for longer than can be explained. */
    public boolean overdue() {
        return nextDueAt()
                .filter(due -> clock.instant().isAfter(due.plus(grace())))
                .isPresent();
    }

    /** Whether the first run is not due yet, or was not begun. */
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

    /** The run that is due now: its trigger, and whether only a good snapshot is wanted. Empty where none is. */
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
     * @param goodOnly whether this tick has a local snapshot already: a second one would only push out older ones
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

    /**
     * A retry that waits from one time to another; a clock that was set back before both does not make it wait longer.
     */
    private record Retry(Instant since, Instant at) {

        boolean waits(Instant now) {
            return now.isBefore(at) && !now.isBefore(since);
        }
    }

    /**
     * What the directory says now, or said last where it cannot be read: then what was due stays due, and the run says
     * why.
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
     * What the schedule knows of the directory.
     *
     * @param due an interval after the newest good snapshot
     * @param newestLocal when the newest local one was taken, where that is newer
     */
    private record Known(Instant due, Optional<Instant> newestLocal) {}

    /** When this process started, or now where the clock was set back before that. */
    private Instant start() {
        var now = clock.instant();
        return now.isBefore(startedAt) ? now : startedAt;
    }

    /** When a snapshot was taken; its file's time where its own is in the future, and empty where that is too. */
    private Optional<Instant> takenAt(Snapshot snapshot) {
        var now = clock.instant();
        if (!snapshot.createdAt().isAfter(now)) {
            return Optional.of(snapshot.createdAt());
        }
        return Optional.of(directory.modifiedAt(snapshot.name())).filter(modified -> !modified.isAfter(now));
    }
}
