package dev.otherix.backup.job;

import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.snapshot.Mark;
import dev.otherix.backup.snapshot.Marks;
import dev.otherix.backup.snapshot.NotedMarks;
import dev.otherix.backup.snapshot.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which revision the member had when, from each of its answers. What is in no record yet is noted at least
 * once a minute, for the next process.
 */
final class Timeline implements RunListener {

    /** With the pause between two answers less than a minute. */
    private static final Duration BETWEEN_NOTES = Duration.ofSeconds(50);

    private final Clock clock;
    private final Consumer<NotedMarks> notes;
    private @Nullable NotedMarks heard;
    private @Nullable Instant notedAt;
    private @Nullable Instant recordedUntil;

    /** @param before what an earlier process noted */
    Timeline(@Nullable NotedMarks before, Consumer<NotedMarks> notes, Clock clock) {
        this.heard = before;
        this.notes = notes;
        this.clock = clock;
    }

    Clock clock() {
        return clock;
    }

    /** Takes an answer that was there just now. */
    synchronized void heard(MemberStatus status) {
        var now = clock.instant();
        heard = NotedMarks.after(heard, status.clusterId(), new Mark(now, status.revision()));
        if (notedAt == null || Duration.between(notedAt, now).abs().compareTo(BETWEEN_NOTES) >= 0) {
            note(heard, now);
        }
    }

    private void note(NotedMarks marks, Instant now) {
        notedAt = now;
        // after the clock was set back none would be later
        notes.accept(recordedUntil != null && recordedUntil.isBefore(now) ? marks.since(recordedUntil) : marks);
    }

    /** All marks of that cluster that are known without a record. */
    synchronized Marks of(String clusterId) {
        return heard != null && heard.clusterId().equals(clusterId) ? heard.marks() : Marks.NONE;
    }

    /** From now on its record holds what was heard before it. */
    @Override
    public synchronized void ended(BackupRun run) {
        if (run.outcome() instanceof Outcome.Saved(Snapshot saved)
                && saved.history() != null
                && !saved.history().marks().isEmpty()) {
            recordedUntil = saved.history().marks().oldestFirst().getLast().time();
            if (heard != null) {
                note(heard, clock.instant());
            }
        }
    }
}
