package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.NotCopied.Why;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong with one target, and when it is tried again: with the store as a whole, or with single snapshots,
 * which are passed over. Logs an error once, not at each try. Readable by any thread.
 */
final class Trouble {

    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    private final String place;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Retry retry;
    private final Map<SnapshotName, Passed> passed = new ConcurrentSkipListMap<>(Comparator.reverseOrder());
    private volatile @Nullable String error;

    /** @param place the target, for messages */
    Trouble(String place, LongSupplier nanoTime, RandomGenerator random) {
        this.place = place;
        this.nanoTime = nanoTime;
        this.random = random;
        this.retry = new Retry(nanoTime, random);
    }

    private record Passed(Why why, String message, Retry retry) {}

    boolean retryIsDue() {
        return retry.isDue();
    }

    /** The store fails, or what it needs here does. */
    void failed(Throwable failure) {
        var message = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        if (!message.equals(error)) {
            LOG.warn("copying to {} fails: {}; it is tried again until it works", place, message);
        }
        error = message;
        retry.failed();
    }

    /** The store does what it is asked to. */
    void worksAgain() {
        if (error != null) {
            LOG.info("copying to {} works again", place);
        }
        error = null;
        retry.succeeded();
    }

    /** One snapshot cannot be copied; tried again later. */
    void passOver(SnapshotName name, NotCopied because) {
        var message = String.valueOf(because.getMessage());
        var before = passed.get(name);
        if (before == null || !before.message().equals(message)) {
            LOG.error("{} is not copied to {}: {}", name, place, message);
        }
        var again = before == null ? new Retry(nanoTime, random) : before.retry();
        again.failed();
        passed.put(name, new Passed(because.why(), message, again));
    }

    /** It can be copied after all, or no longer exists. */
    void settle(SnapshotName name) {
        passed.remove(name);
    }

    /** Forgets all snapshots but {@code names}. */
    void forgetAllBut(Collection<SnapshotName> names) {
        passed.keySet().retainAll(names);
    }

    /** Whether it is not its time yet. */
    boolean passesOver(SnapshotName name) {
        var known = passed.get(name);
        return known != null && !known.retry().isDue();
    }

    /** Whether it was passed over for this reason the last time, and what was wrong. */
    Optional<String> passed(SnapshotName name, Why why) {
        return Optional.ofNullable(passed.get(name))
                .filter(known -> known.why() == why)
                .map(Passed::message);
    }

    /** The snapshots that could not be copied the last time. */
    Set<SnapshotName> failing() {
        return Set.copyOf(passed.keySet());
    }

    /** What is wrong now, with the store or, if it works, with a snapshot. */
    Optional<String> error() {
        return Optional.ofNullable(error)
                .or(() -> passed.values().stream().findFirst().map(Passed::message));
    }
}
