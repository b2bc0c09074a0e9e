package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the next periodic run is due: an interval after the newest good snapshot in the directory, whoever took it and
 * whenever this process started. A failed tick is tried again with growing pauses, which never reach past the next tick.
 */
public final class BackupSchedule implements RunListener {

    private static final Logger LOG = LoggerFactory.getLogger(BackupSchedule.class);
    private static final Duration LEAST_GRACE = Duration.ofMinutes(10);

    private final BackupProperties backup;
    private final Duration retryAfter;
    private final SnapshotDirectory directory;
    private final Clock clock;
    private final Instant startedAt;
    private Instant dueAt;
    private @Nullable Instant retryAt;
    private int failedTicks;
    private boolean ranOnce;

    BackupSchedule(BackupProperties backup, ScheduleProperties schedule, SnapshotDirectory directory, Clock clock) {
        this.backup = backup;
        this.retryAfter = schedule.retryAfter();
        this.directory = directory;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.dueAt = startedAt;
    }

    /** When the next snapshot should be there, moved by no retry; empty while the periodic job is off. */
    public synchronized Optional<Instant> nextDueAt() {
        return backup.enabled() ? Optional.of(due()) : Optional.empty();
    }

    /** When a failed tick is tried again; empty where none waits for that. */
    public synchronized Optional<Instant> nextAttemptAt() {
        return Optional.ofNullable(retryAt);
    }

    /** Whether a periodic snapshot is missing for longer than can be explained. */
    public boolean overdue() {
        return nextDueAt().filter(due -> clock.instant().isAfter(due.plus(grace()))).isPresent();
    }

    /** Whether the first run is not due yet, or was not begun. */
    public synchronized boolean beforeFirstRun() {
        return !ranOnce && !clock.instant().isAfter(due().plus(grace()));
    }

    private Duration grace() {
        var tenth = backup.interval().dividedBy(10);
        return tenth.compareTo(LEAST_GRACE) > 0 ? tenth : LEAST_GRACE;
    }

    /** The run that is due now: its trigger, and whether only a good snapshot is wanted. Empty where none is. */
    synchronized Optional<Tick> next() {
        if (!backup.enabled()) {
            return Optional.empty();
        }
        var now = clock.instant();
        var due = due();
        if (now.isBefore(retryAt != null ? retryAt : due)) {
            return Optional.empty();
        }
        return Optional.of(new Tick(ranOnce || due.isAfter(startedAt) ? Trigger.SCHEDULE : Trigger.STARTUP, localSince(lastTick(due, now), now)));
    }

    /**
     * A run that is due.
     *
     * @param goodOnly whether this tick has a local snapshot already: a second one would only push out older ones
     */
    record Tick(Trigger trigger, boolean goodOnly) {}

    private boolean localSince(Instant tick, Instant now) {
        return directory.list().stream().filter(snapshot -> snapshot.verified() && snapshot.local())
                .anyMatch(local -> !local.createdAt().isBefore(tick) && !local.createdAt().isAfter(now));
    }

    private Instant lastTick(Instant due, Instant now) {
        return now.isBefore(due) ? due : due.plus(backup.interval().multipliedBy(Duration.between(due, now).dividedBy(backup.interval())));
    }

    @Override
    public synchronized void ended(BackupRun run) {
        ranOnce = true;
        if (run.outcome().good()) {
            retryAt = null;
            failedTicks = 0;
        } else if (run.trigger() != Trigger.REQUEST) {
            retryAt = retryAt(clock.instant());
            failedTicks++;
        }
        log(run);
    }

    private Instant retryAt(Instant now) {
        var pause = failedTicks > 30 ? backup.interval() : retryAfter.multipliedBy(1L << failedTicks);
        var due = due();
        var nextTick = due.isAfter(now) ? due : lastTick(due, now).plus(backup.interval());
        var retry = now.plus(pause);
        return retry.isAfter(nextTick) ? nextTick : retry;
    }

    private Instant due() {
        try {
            dueAt = directory.list().stream().filter(snapshot -> snapshot.verified() && !snapshot.local()).findFirst()
                    .map(newest -> takenAt(newest).map(at -> at.plus(backup.interval())).orElseGet(clock::instant)).orElse(startedAt);
        } catch (DirectoryFailure unreadable) {
            // the run will say so; until then what was due stays due
            LOG.debug("the directory cannot be read", unreadable);
        }
        return dueAt;
    }

    /** When a snapshot was taken; its file's time where its own is in the future, and empty where that is too. */
    private Optional<Instant> takenAt(Snapshot snapshot) {
        var now = clock.instant();
        if (!snapshot.createdAt().isAfter(now)) {
            return Optional.of(snapshot.createdAt());
        }
        return Optional.of(directory.modifiedAt(snapshot.name())).filter(modified -> !modified.isAfter(now));
    }

    private void log(BackupRun run) {
        switch (run.outcome()) {
            case Outcome.Saved(Snapshot saved) when saved.linearizable() -> LOG.info("saved {}: {} bytes in {} s, trigger {}",
                    saved.name(), saved.sizeBytes(), seconds(run), run.trigger().word());
            case Outcome.Saved(Snapshot saved) -> LOG.warn("saved {} of what the local member has only ({}): {} bytes, trigger {}; {}",
                    saved.name(), saved.etcd() == null ? "unknown" : saved.etcd().consistencyReason(), saved.sizeBytes(),
                    run.trigger().word(), nextTry());
            case Outcome.Failed(RunFailure failure) when failure.code() == RunFailure.Code.SHUTTING_DOWN ->
                    LOG.info("the run under way was cancelled: {}", failure.message());
            case Outcome.Failed(RunFailure failure) when failure.code() == RunFailure.Code.INTERNAL ->
                    LOG.error("backup failed, trigger {}: {}; {}", run.trigger().word(), failure.message(), nextTry(), failure.cause());
            case Outcome.Failed(RunFailure failure) ->
                    LOG.error("backup failed, trigger {}: {}; {}", run.trigger().word(), failure.message(), nextTry());
        }
        run.pruneFailure().ifPresent(why -> LOG.error("old snapshots could not be removed: {}; tried again after the next snapshot", why));
    }

    private String nextTry() {
        if (retryAt != null) {
            return "next try at " + retryAt.truncatedTo(ChronoUnit.SECONDS);
        }
        return nextDueAt().map(due -> "next try at " + due.truncatedTo(ChronoUnit.SECONDS))
                .orElse("no further try: the periodic job is off");
    }

    private static String seconds(BackupRun run) {
        return String.format(java.util.Locale.ROOT, "%.1f", Duration.between(run.startedAt(), run.finishedAt()).toMillis() / 1000.0);
    }
}
