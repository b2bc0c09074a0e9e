package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the next file to check. First come files that this service did not write or whose record does not match.
 * Then, of the files that a restore would use (the newest, pinned and held ones), the one whose last check is the
 * oldest, if it is due and neither a run nor a drill is in progress.
 */
public final class DueInspection {

    private static final Logger LOG = LoggerFactory.getLogger(DueInspection.class);
    private static final Set<KeptBecause> BY_COUNT =
            EnumSet.of(KeptBecause.NEWEST, KeptBecause.REQUESTED, KeptBecause.NOT_OFFSITE);

    private final SnapshotDirectory directory;
    private final Inspection inspection;
    private final Duration againEvery;
    private final BooleanSupplier diskBusy;
    private final Clock clock;

    /**
     * @param againEvery how long after its last check a file is checked again; zero for never
     * @param diskBusy whether work is under way that needs the disk more
     */
    public DueInspection(
            SnapshotDirectory directory,
            Inspection inspection,
            Duration againEvery,
            BooleanSupplier diskBusy,
            Clock clock) {
        this.directory = directory;
        this.inspection = inspection;
        this.againEvery = againEvery;
        this.diskBusy = diskBusy;
        this.clock = clock;
    }

    /** The next file to check; empty if none is due. */
    Optional<Snapshot> next() {
        try {
            var oldestFirst = directory.list().reversed();
            inspection.forgetAllBut(oldestFirst.stream().map(Snapshot::name).toList());
            return oldestFirst.stream()
                    .filter(snapshot -> !snapshot.verified() && !inspection.justSeen(snapshot.name()))
                    .filter(snapshot -> directory.unreadable(snapshot.name()).isEmpty())
                    .findFirst()
                    .or(() ->
                            againEvery.isZero() || diskBusy.getAsBoolean() ? Optional.empty() : dueAgain(oldestFirst));
        } catch (DirectoryFailure unreadable) {
            // health and the next run report it; this is tried again
            LOG.debug("the directory cannot be read", unreadable);
            return Optional.empty();
        }
    }

    private Optional<Snapshot> dueAgain(List<Snapshot> oldestFirst) {
        var latest = directory.latest().map(Snapshot::name);
        return oldestFirst.stream()
                .filter(Snapshot::verified)
                .filter(snapshot -> snapshot.pinned()
                        || latest.filter(snapshot.name()::equals).isPresent()
                        || !BY_COUNT.containsAll(snapshot.keptBecause()))
                .filter(snapshot -> inspection.awaitsSecondLook(snapshot.name())
                        ? !inspection.justSeen(snapshot.name())
                        : !checkedAt(snapshot).plus(againEvery).isAfter(clock.instant()))
                .min(Comparator.comparing(DueInspection::checkedAt));
    }

    private static Instant checkedAt(Snapshot snapshot) {
        var at = snapshot.verification().checkedAt();
        return at == null ? Instant.EPOCH : at;
    }
}
