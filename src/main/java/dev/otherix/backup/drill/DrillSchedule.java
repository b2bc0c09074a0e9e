package dev.otherix.backup.drill;

import dev.otherix.backup.snapshot.DrillNotes;
import dev.otherix.backup.snapshot.DrillSkip;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when the next drill is due: an interval after the last one that counts (see {@link DrillNotes}) and had a
 * result, whoever asked for it and whenever this process started. One without a result is tried again with growing
 * pauses. All of it follows from what is noted, so a restart neither loses nor repeats a drill, and a process that dies
 * in one does not begin it at once again.
 *
 * <p>Every seventh takes a copy. If that cannot be had, the next takes a snapshot of the directory, and the one after
 * that the copy.
 */
final class DrillSchedule {

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    /** What made a drill impossible seldom changes within an hour, and to find that out may take a whole restore. */
    private static final Duration LONGEST_PAUSE_IF_IMPOSSIBLE = Duration.ofHours(6);

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
            var then = clock.instant();
            notes.note(before -> before.drills(drills -> newer(drills, all, then)));
            recordsRead = true;
        }
        if (!settings.on()) {
            return Optional.empty();
        }
        var latest = directory.latest();
        var now = clock.instant();
        var known = notes.now().drills().asOf(now);
        if (known.since() == null && latest.isPresent()) {
            known = known.since(now);
        }
        if (!known.equals(notes.now().drills())) {
            note(known);
        }
        var notBefore = notBefore(known, now);
        return latest.filter(_ -> !now.isBefore(notBefore));
    }

    /** Results that a clock dated in the future are not taken from the records: later ones would seem to be older. */
    private static DrillNotes newer(DrillNotes notes, List<Snapshot> all, Instant now) {
        var known = notes.asOf(now);
        for (var snapshot : all.stream()
                .filter(one -> one.drill() != null && !finishedAt(one).isAfter(now))
                .sorted(Comparator.comparing(DrillSchedule::finishedAt))
                .toList()) {
            var drilled = Objects.requireNonNull(snapshot.drill());
            if (replaces(drilled, known.last(), now)) {
                known = counts(snapshot, drilled, all)
                        ? known.with(snapshot.name(), drilled)
                        : known.withOther(snapshot.name(), drilled);
            }
        }
        return known;
    }

    private static Instant finishedAt(Snapshot snapshot) {
        return Objects.requireNonNull(snapshot.drill()).finishedAt();
    }

    /** A failure whose time is not known stays until the next result. */
    private static boolean replaces(Drilled found, @Nullable Drilled last, Instant now) {
        return last == null
                || (last.finishedAt().isAfter(now)
                        ? last.passed()
                        : found.finishedAt().isAfter(last.finishedAt()));
    }

    /** Whether no newer verified one was there when the drill began, as far as the records show. */
    private static boolean counts(Snapshot snapshot, Drilled drilled, List<Snapshot> all) {
        var began = drilled.finishedAt().minusMillis(Math.round(drilled.seconds() * 1000));
        return all.stream()
                .filter(Snapshot::verified)
                .noneMatch(other -> other.createdAt().isAfter(snapshot.createdAt())
                        && !other.createdAt().isAfter(began));
    }

    private Instant notBefore(DrillNotes drills, Instant now) {
        return latest(
                after(drills.countedAt(), settings.interval(), now),
                after(drills.triedAt(), pause(drills.tries(), longest(drills)), now),
                after(startedAt, pause(1, LONGEST_PAUSE), now));
    }

    private static Duration longest(DrillNotes drills) {
        return drills.skipped() == null || drills.skipped().ended() ? LONGEST_PAUSE : LONGEST_PAUSE_IF_IMPOSSIBLE;
    }

    /** A time in the future is one of a wrong clock, and delays nothing. */
    private static Instant after(@Nullable Instant time, Duration pause, Instant now) {
        return time == null || time.isAfter(now) ? Instant.MIN : time.plus(pause);
    }

    private static Instant latest(Instant... times) {
        return List.of(times).stream().max(Comparator.naturalOrder()).orElseThrow();
    }

    private Duration pause(int tries, Duration longest) {
        var doubled = tries > 10 ? longest : FIRST_PAUSE.multipliedBy(1L << Math.max(0, tries - 1));
        return shortest(doubled, longest, settings.interval());
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

    /** A drill that would count has no result. @param ended whether something ended it, such as a run */
    void skipped(String reason, boolean ended) {
        note(now().with(new DrillSkip(clock.instant(), reason, ended)));
    }

    private DrillNotes now() {
        return notes.now().drills().asOf(clock.instant());
    }

    private void note(DrillNotes drills) {
        notes.note(before -> before.drills(_ -> drills));
    }

    /** Whether drills are on. */
    boolean on() {
        return settings.on();
    }

    Optional<Drilled> last() {
        return Optional.ofNullable(now().last());
    }

    /** The snapshot of the last result. */
    Optional<SnapshotName> lastSnapshot() {
        return Optional.ofNullable(now().snapshot());
    }

    Optional<DrillSkip> skipped() {
        return Optional.ofNullable(now().skipped());
    }

    Optional<Instant> passedAt() {
        return Optional.ofNullable(now().passedAt());
    }

    /** When the next is due, not moved by retries. */
    Optional<Instant> nextDueAt() {
        return since().map(since -> Optional.ofNullable(now().countedAt())
                .map(counted -> counted.plus(settings.interval()))
                .orElse(since));
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
