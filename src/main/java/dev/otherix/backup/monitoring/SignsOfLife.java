package dev.otherix.backup.monitoring;

import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotInterval;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots that show that backups work: verified, linearizable, not old, and with targets copied to each of them.
 */
final class SignsOfLife {

    private final SnapshotDirectory directory;
    private final Set<Target> targets;
    private final SnapshotInterval interval;
    private final Clock clock;

    /** @param targets where copies go; none if off-site copies are off */
    SignsOfLife(SnapshotDirectory directory, Set<Target> targets, SnapshotInterval interval, Clock clock) {
        this.directory = directory;
        this.targets = targets;
        this.interval = interval;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** Whether a run would have been due since then; so too if the clock was set back before it. */
    boolean intervalHasPassedSince(@Nullable Instant time) {
        var now = now();
        return time == null || time.isAfter(now) || !time.plus(interval.value()).isAfter(now);
    }

    /** Whether the newest snapshot, whatever it is worth, is older than this one; not without any. */
    boolean areAllBefore(SnapshotName name) {
        return directory.newestFirst().limit(1).anyMatch(newest -> newest.name().compareTo(name) < 0);
    }

    /** Newest first. */
    Stream<Snapshot> after(@Nullable SnapshotName last) {
        var oldest = now().minus(interval.lateCopy());
        return directory
                .newestFirst()
                .takeWhile(snapshot -> last == null || snapshot.name().compareTo(last) > 0)
                .takeWhile(snapshot -> !snapshot.createdAt().isBefore(oldest))
                .filter(snapshot -> snapshot.verified() && snapshot.linearizable())
                .filter(this::isCopied);
    }

    private boolean isCopied(Snapshot snapshot) {
        return targets.stream()
                .allMatch(target -> snapshot.copy(target)
                        .filter(copy -> copy.state() == Copy.State.COPIED)
                        .isPresent());
    }
}
