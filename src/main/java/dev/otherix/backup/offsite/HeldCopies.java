package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.Removal.By;
import dev.otherix.backup.offsite.Removal.Outcome.Held;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies at one target that should be removed, and that the store does not let go: a locked one is asked for again when
 * its lock has run out, any other one after a day. Readable by any thread.
 */
final class HeldCopies {

    private static final Logger LOG = LoggerFactory.getLogger(HeldCopies.class);
    private static final Duration LONG = Duration.ofDays(1);
    /** After so many refusals in a row the next ones would be refused too. */
    private static final int FEW = 3;

    private final String place;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Map<SnapshotName, Known> known = new ConcurrentSkipListMap<>(Comparator.naturalOrder());
    private int refusals;
    private @Nullable Long pausedUntil;
    private volatile long putOff;
    private volatile long notTried;

    HeldCopies(String place, Clock clock, LongSupplier nanoTime) {
        this.place = place;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    private record Known(Held held, long againAfter) {}

    /** Whether it is not its time yet. */
    boolean holds(SnapshotName name) {
        var one = known.get(name);
        return one != null && !isOver(one);
    }

    private boolean isOver(Known one) {
        var until = one.held().until();
        return until == null
                ? nanoTime.getAsLong() - one.againAfter() >= 0
                : !clock.instant().isBefore(until) && nanoTime.getAsLong() - one.againAfter() >= 0;
    }

    /** Whether the store has refused so often that nothing is tried for now. */
    boolean pauses() {
        if (pausedUntil != null && nanoTime.getAsLong() - pausedUntil >= 0) {
            pausedUntil = null;
            refusals = 0;
        }
        return pausedUntil != null;
    }

    /** Notes that one is held. @return whether that is new */
    boolean add(SnapshotName name, Held held) {
        // a lock that is over by our clock is still asked for only once a day
        var over = held.until() == null || !clock.instant().isBefore(held.until());
        var before = known.put(name, new Known(held, nanoTime.getAsLong() + (over ? LONG.toNanos() : 0)));
        refusals = held.by() == By.REFUSAL ? refusals + 1 : 0;
        if (refusals >= FEW) {
            pausedUntil = nanoTime.getAsLong() + LONG.toNanos();
        }
        return before == null;
    }

    /** It is gone, or needs not go any more. */
    void settle(SnapshotName name) {
        known.remove(name);
        refusals = 0;
    }

    /** Forgets all but {@code names}. */
    void forgetAllBut(Collection<SnapshotName> names) {
        known.keySet().retainAll(names);
    }

    /** Notes how many stay because time seems to have jumped. */
    void putOff(long copies) {
        if (copies > 0 && putOff == 0) {
            LOG.warn("{}", jump(copies));
        }
        putOff = copies;
    }

    /** Notes how many the rules do not keep, tried or not, while nothing is tried. */
    void notTried(long copies) {
        notTried = copies;
    }

    private String jump(long copies) {
        return "nothing is removed from " + place + " now: its copies have a gap of more than "
                + ClockJump.GAP.toDays() + " days, so a clock may have jumped. " + number(copies)
                + " that offsite.retention does not keep "
                + (copies == 1 ? "stays" : "stay")
                + " until a week of new copies shows that the time has passed. Check the clock of this host";
    }

    static String number(long copies) {
        return copies == 1 ? "1 copy" : copies + " copies";
    }

    /** What an operator should know, in sentences; none if nothing is held. */
    List<String> remarks() {
        var copies = putOff;
        return Stream.concat(copies > 0 ? Stream.of(jump(copies)) : Stream.empty(), held().stream())
                .toList();
    }

    private Optional<String> held() {
        var all = known.values().stream().map(Known::held).toList();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        var some = all.stream()
                .filter(held -> held.by() == By.REFUSAL)
                .findFirst()
                .orElseGet(() -> all.stream()
                        .max(Comparator.comparing(held -> held.until() == null ? Instant.MAX : held.until()))
                        .orElseThrow());
        return Optional.of(number(Math.max(all.size(), notTried)) + " in " + place
                + " that offsite.retention does not keep cannot be removed yet: "
                + some.why()
                + (some.by() == By.REFUSAL
                        ? ". Give the credentials the right to delete, or set offsite.retention.prune to false"
                        : ""));
    }
}
