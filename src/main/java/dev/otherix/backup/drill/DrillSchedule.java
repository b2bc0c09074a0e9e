package dev.otherix.backup.drill;

import dev.otherix.backup.snapshot.DrillNotes;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the next drill is due: an interval after the last one that had a result, whoever asked for it and
 * whenever this process started. One without a result is tried again with growing pauses. All of it follows from what
 * is noted, so a restart neither loses nor repeats a drill, and a process that dies in one does not begin it at once
 * again.
 *
 * <p>Every seventh takes a copy. If that cannot be had, the next takes a snapshot of the directory, and the one after
 * that the copy.
 */
final class DrillSchedule {

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final int INTERVALS_WITHOUT = 3;
    private static final int BETWEEN_COPIES = 6;
    /** A copy that takes longer than the time between two runs would never be drilled, and nothing else either. */
    private static final int TRIES_OF_COPY = 3;

    private final DrillProperties settings;
    private final SnapshotDirectory directory;
    private final StateNotes notes;
    private final Clock clock;
    private final Instant startedAt;
    private boolean recordsRead;

    DrillSchedule(DrillProperties settings, SnapshotDirectory directory, StateNotes notes, Clock clock) {
        this.settings = settings;
        this.directory = directory;
        this.notes = notes;
        this.clock = clock;
        this.startedAt = clock.instant();
        if (!settings.on() && now().since() != null) {
            note(now().since(null));
        }
    }

    /** The snapshot whose drill is due now: the newest verified one. Not safe for use by several threads. */
    Optional<Snapshot> next() {
        if (!recordsRead) {
            // the notes may be lost, or older than the records
            var all = directory.list();
            notes.note(before -> before.drills(drills -> newer(drills, all)));
            recordsRead = true;
        }
        if (!settings.on()) {
            return Optional.empty();
        }
        var latest = directory.latest();
        var now = clock.instant();
        if (now().since() == null && latest.isPresent()) {
            note(now().since(now));
        }
        return latest.filter(_ -> !now.isBefore(notBefore(now(), now)));
    }

    private static DrillNotes newer(DrillNotes notes, List<Snapshot> all) {
        var known = notes;
        for (var drilled : all.stream()
                .flatMap(snapshot -> Optional.ofNullable(snapshot.drill()).stream())
                .sorted(Comparator.comparing(Drilled::finishedAt))
                .toList()) {
            if (known.last() == null
                    || drilled.finishedAt().isAfter(known.last().finishedAt())) {
                known = known.with(drilled);
            }
        }
        return known;
    }

    private Instant notBefore(DrillNotes drills, Instant now) {
        var last = drills.last() == null ? null : drills.last().finishedAt();
        return latest(
                after(last, settings.interval(), now),
                after(drills.triedAt(), pause(drills.tries()), now),
                after(startedAt, pause(1), now));
    }

    /** A time in the future is one of a wrong clock, and delays nothing. */
    private static Instant after(@Nullable Instant time, Duration pause, Instant now) {
        return time == null || time.isAfter(now) ? Instant.MIN : time.plus(pause);
    }

    private static Instant latest(Instant... times) {
        return List.of(times).stream().max(Comparator.naturalOrder()).orElseThrow();
    }

    private Duration pause(int tries) {
        var doubled = tries > 10 ? LONGEST_PAUSE : FIRST_PAUSE.multipliedBy(1L << Math.max(0, tries - 1));
        return shortest(doubled, LONGEST_PAUSE, settings.interval());
    }

    private static Duration shortest(Duration... pauses) {
        return List.of(pauses).stream().min(Comparator.naturalOrder()).orElseThrow();
    }

    /** The drill that was due begins. */
    void begins() {
        note(now().trying(clock.instant()));
    }

    /** Whether the drill that is due takes a copy, where there are copies to take. */
    boolean takesCopy() {
        var copies = now().ofCopies();
        return copies.since() >= BETWEEN_COPIES && !copies.missed() && now().tries() < TRIES_OF_COPY;
    }

    /** The copy cannot be had now. */
    void missesCopy() {
        note(now().missingCopy());
    }

    /** Where the copy was that was drilled last. */
    Optional<Target> lastCopy() {
        return Optional.ofNullable(now().ofCopies().last());
    }

    /** A drill had this result. @param counted what becomes of the notes by it */
    void ended(UnaryOperator<DrillNotes> counted) {
        notes.note(before -> before.drills(counted));
    }

    private DrillNotes now() {
        return notes.now().drills();
    }

    private void note(DrillNotes drills) {
        notes.note(before -> before.drills(_ -> drills));
    }

    Optional<Drilled> last() {
        return Optional.ofNullable(now().last());
    }

    Optional<Instant> passedAt() {
        return Optional.ofNullable(now().passedAt());
    }

    /** When the next is due, not moved by retries. */
    Optional<Instant> nextDueAt() {
        return since().map(since ->
                now().last() == null ? since : now().last().finishedAt().plus(settings.interval()));
    }

    /** From when on a drill is missing. */
    Optional<Instant> missingAfter() {
        return since().map(since -> passedAt()
                .filter(since::isBefore)
                .orElse(since)
                .plus(settings.interval().multipliedBy(INTERVALS_WITHOUT)));
    }

    private Optional<Instant> since() {
        return settings.on() ? Optional.ofNullable(now().since()) : Optional.empty();
    }
}
