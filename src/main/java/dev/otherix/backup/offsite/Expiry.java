package dev.otherix.backup.offsite;

import static java.util.Comparator.comparing;

import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which copies a rule of the store removes by their age. While the clock may have jumped ahead, none has surely
 * expired. On the thread of one queue.
 */
final class Expiry {

    private final @Nullable Duration after;
    private final Clock clock;
    private Instant passed = Instant.EPOCH;

    /** @param after how old a copy is when the store removes it; null if it removes none */
    Expiry(@Nullable Duration after, Clock clock) {
        this.after = after;
        this.clock = clock;
    }

    /** Looks at the snapshots for a sign that the clock jumped. */
    void look(List<Snapshot> newestFirst) {
        var now = clock.instant();
        if (passed.isAfter(now)) {
            passed = Instant.EPOCH;
        }
        var before = newestFirst.stream()
                .filter(snapshot -> !snapshot.createdAt().isAfter(now))
                .sorted(comparing(Snapshot::createdAt).reversed())
                .toList();
        if (!ClockJump.shows(now, before, snapshot -> staysLong(snapshot, newestFirst.getFirst()), passed)) {
            passed = now;
        }
    }

    private static boolean staysLong(Snapshot snapshot, Snapshot newest) {
        return snapshot.pinned() || !snapshot.lineage().equals(newest.lineage());
    }

    /** Whether the store has removed {@code copy}, by the time that has surely passed. */
    boolean isOver(Copy copy) {
        return isOver(copy, passed);
    }

    /** Whether it has, by a clock that may be wrong. */
    boolean seemsOver(Copy copy) {
        return isOver(copy, clock.instant());
    }

    private boolean isOver(Copy copy, Instant at) {
        return after != null && copy.copiedAt().plus(after).isBefore(at);
    }
}
