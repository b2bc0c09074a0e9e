package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.OffsiteStatus.CheckOutcome;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.task.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads copies at one target back again, and notes in the local records what that shows. Repairs nothing.
 *
 * <p>Each time: the newest, the one that was read longest ago, and all that were missing or changed the last time.
 */
final class Recheck {

    private static final Logger LOG = LoggerFactory.getLogger(Recheck.class);

    private final SnapshotDirectory directory;
    private final ObjectStore store;
    private final Traffic traffic;
    private final Tally tally;
    private final Duration interval;
    private final Expiry expiry;
    private final Clock clock;

    /** @param interval zero for never */
    Recheck(
            SnapshotDirectory directory,
            ObjectStore store,
            Traffic traffic,
            Tally tally,
            Duration interval,
            Expiry expiry,
            Clock clock) {
        this.directory = directory;
        this.store = store;
        this.traffic = traffic;
        this.tally = tally;
        this.interval = interval;
        this.expiry = expiry;
        this.clock = clock;
    }

    /** When a copy was last read back after its upload. */
    Optional<Instant> lastAt(List<Snapshot> snapshots) {
        return copied(snapshots).stream()
                .flatMap(snapshot -> Optional.ofNullable(copy(snapshot).checkedAt()).stream())
                .max(Instant::compareTo);
    }

    /** The snapshots whose copies are to be read back now; none if it is not time. */
    SequencedCollection<Snapshot> due(List<Snapshot> newestFirst) {
        var copied = copied(newestFirst);
        if (interval.isZero() || copied.isEmpty()) {
            return List.of();
        }
        var now = clock.instant();
        var last = lastAt(newestFirst)
                .orElseGet(() -> copied.stream()
                        .map(snapshot -> copy(snapshot).copiedAt())
                        .min(Instant::compareTo)
                        .orElse(now));
        // a time in the future is of a clock that was wrong
        return last.isAfter(now) || !last.plus(interval).isAfter(now) ? chosen(copied) : List.of();
    }

    private SequencedCollection<Snapshot> chosen(List<Snapshot> newestFirst) {
        var chosen = new LinkedHashSet<Snapshot>();
        chosen.add(newestFirst.getFirst());
        newestFirst.stream().skip(1).min(Comparator.comparing(this::readAt)).ifPresent(chosen::add);
        newestFirst.stream()
                .filter(snapshot -> switch (copy(snapshot).state()) {
                    case MISSING, CHANGED -> true;
                    case COPIED, ARCHIVED, REMOVED, UNKNOWN -> false;
                })
                .forEach(chosen::add);
        return chosen;
    }

    private Instant readAt(Snapshot snapshot) {
        var copy = copy(snapshot);
        var at = Optional.ofNullable(copy.checkedAt()).orElse(copy.copiedAt());
        // by a clock that was wrong: first, or it would be due for ever
        return at.isAfter(clock.instant()) ? Instant.EPOCH : at;
    }

    private List<Snapshot> copied(List<Snapshot> snapshots) {
        return snapshots.stream()
                .filter(snapshot -> snapshot.copy(store.target())
                        .filter(copy -> copy.state() != Copy.State.REMOVED)
                        .isPresent())
                .toList();
    }

    private Copy copy(Snapshot snapshot) {
        return snapshot.copy(store.target()).orElseThrow();
    }

    /**
     * Reads the copy of {@code snapshot} back.
     *
     * @return the copy with what was found, as it was noted
     * @throws StoreFailure if it could not be read, which says nothing about it
     */
    Copy check(Snapshot snapshot, Progress progress) {
        var copy = copy(snapshot);
        progress.enter("read_back");
        progress.expect(copy.sizeBytes());
        try {
            return noted(snapshot, copy, look(snapshot, copy, progress));
        } catch (StoreFailure unreadable) {
            return switch (unreadable.code()) {
                case NO_SUCH_OBJECT -> noted(snapshot, copy, gone(copy));
                case ARCHIVED -> noted(snapshot, copy, Copy.State.ARCHIVED);
                case INTERRUPTED -> throw unreadable;
                case EXISTS, NO_SUCH_PLACE, DENIED, HELD, FULL, UNAVAILABLE, REFUSED -> {
                    tally.count(CheckOutcome.UNKNOWN);
                    note(snapshot, copy.seen(Copy.State.UNKNOWN, copy.checkedAt()));
                    throw unreadable;
                }
            };
        }
    }

    private Copy.State look(Snapshot snapshot, Copy copy, Progress progress) {
        var folder = copy.key().substring(0, copy.key().lastIndexOf('/') + 1);
        if (store.find(folder + snapshot.name().recordFile(), null).isEmpty()) {
            // without its record an object is no copy: nobody would find it
            return gone(copy);
        }
        return new ReadBack(store)
                        .is(copy.sha256(), copy.key(), copy.versionId(), copy.sizeBytes(), traffic.reading(progress))
                ? Copy.State.COPIED
                : Copy.State.CHANGED;
    }

    /** Whether a rule of the store, or somebody, took it away; unknown while the clock may be wrong. */
    private Copy.State gone(Copy copy) {
        if (expiry.isOver(copy)) {
            return Copy.State.REMOVED;
        }
        return expiry.seemsOver(copy) ? Copy.State.UNKNOWN : Copy.State.MISSING;
    }

    private Copy noted(Snapshot snapshot, Copy before, Copy.State state) {
        tally.count(
                switch (state) {
                    case COPIED -> CheckOutcome.COPIED;
                    case MISSING -> CheckOutcome.MISSING;
                    case CHANGED -> CheckOutcome.CHANGED;
                    case ARCHIVED -> CheckOutcome.ARCHIVED;
                    case REMOVED, UNKNOWN -> CheckOutcome.UNKNOWN;
                });
        if (state != before.state()) {
            report(before, state);
        }
        var now = before.seen(state, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        note(snapshot, now);
        return now;
    }

    private void report(Copy before, Copy.State state) {
        switch (state) {
            case MISSING -> LOG.error("{}, or its record, is not in {} any more", before.key(), store.place());
            case CHANGED -> LOG.error("{} in {} is not what was stored there", before.key(), store.place());
            case ARCHIVED ->
                LOG.warn("{} in {} is in an archive class, and cannot be read at once", before.key(), store.place());
            case REMOVED -> LOG.info("{} in {} is not there any more, and need not be", before.key(), store.place());
            case UNKNOWN ->
                LOG.warn(
                        "{}, or its record, is not in {} any more: either offsite.retention.expires_after is over, or the"
                                + " clock of this host is wrong",
                        before.key(),
                        store.place());
            case COPIED -> LOG.info("{} in {} was read back and is what was stored there", before.key(), store.place());
        }
    }

    private void note(Snapshot snapshot, Copy copy) {
        if (!copy.equals(copy(snapshot))) {
            var _ = directory.note(snapshot.name(), copy);
        }
    }
}
