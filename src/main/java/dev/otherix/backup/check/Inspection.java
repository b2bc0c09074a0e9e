package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Verification.Check;
import dev.otherix.backup.snapshot.Verification.Outcome;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the file of a snapshot and records the result. A file that is bad twice in a row, unchanged for a minute in
 * between, is renamed. The first time it may have been half copied, or the disk may have failed briefly. Not safe for
 * use by several threads.
 */
public final class Inspection {

    static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Inspection.class);

    private final SnapshotDirectory directory;
    private final Runnable looked;
    private final FileCheck files;
    private final Clock clock;
    private final Map<SnapshotName, Sight> bad = new HashMap<>();

    /** @param looked called after each check, which may have changed why other snapshots are kept */
    public Inspection(SnapshotDirectory directory, FileCheck files, Runnable looked, Clock clock) {
        this.directory = directory;
        this.looked = looked;
        this.files = files;
        this.clock = clock;
    }

    /**
     * A file that was bad the last time.
     *
     * @param modifiedAt empty if it could not be opened
     */
    private record Sight(Instant seenAt, long sizeBytes, Optional<Instant> modifiedAt) {}

    /**
     * The result of a check. @param record the snapshot's current record @param corrupt whether the file was renamed
     */
    record Look(Snapshot record, CheckedFile found, boolean corrupt) {}

    /** Whether it was bad the last time. */
    boolean awaitsSecondLook(SnapshotName name) {
        return bad.containsKey(name);
    }

    /** Whether it was bad so recently that a second check would show nothing new. */
    boolean justSeen(SnapshotName name) {
        var before = bad.get(name);
        return before != null && clock.instant().isBefore(before.seenAt().plus(BETWEEN_LOOKS));
    }

    /** Forgets all bad files except {@code names}. */
    void forgetAllBut(Collection<SnapshotName> names) {
        bad.keySet().retainAll(names);
    }

    /**
     * Checks {@code snapshot}'s file.
     *
     * @throws IOException if it cannot be opened
     */
    Look look(Snapshot snapshot, long bytesPerSecond, LongConsumer progress) throws IOException {
        var name = snapshot.name();
        try {
            var modifiedAt = directory.modifiedAt(name);
            var found = files.again(snapshot, () -> directory.open(name), bytesPerSecond, progress);
            var look = found.good()
                    ? good(snapshot, found)
                    : bad(
                            snapshot,
                            found,
                            new Sight(clock.instant(), found.file().sizeBytes(), Optional.of(modifiedAt)));
            looked.run();
            return look;
        } catch (IOException | DirectoryFailure broken) {
            bad.put(name, new Sight(clock.instant(), snapshot.sizeBytes(), Optional.empty()));
            throw broken;
        }
    }

    private Look good(Snapshot snapshot, CheckedFile found) {
        var record = found.recordedIn(snapshot);
        directory.adopt(record);
        bad.remove(snapshot.name());
        if (!snapshot.verified()) {
            LOG.info("{} was there without a matching record; it was checked and recorded", snapshot.name());
        } else if (snapshot.content().complete() && !sameContent(snapshot, record)) {
            LOG.warn(
                    "the record of {} did not match its file; corrected from the file, which is good", snapshot.name());
        } else {
            LOG.info("{} was checked again and is good", snapshot.name());
        }
        found.verification()
                .check(Check.CA)
                .filter(ca -> ca.outcome() == Outcome.FAILED)
                .ifPresent(ca -> LOG.warn("{}: {}", snapshot.name(), ca.detail()));
        return new Look(directory.find(snapshot.name()).orElse(record), found, false);
    }

    private static boolean sameContent(Snapshot recorded, Snapshot found) {
        return recorded.content().equals(found.content())
                && Objects.equals(
                        recorded.checked().caFingerprint(), found.checked().caFingerprint());
    }

    private Look bad(Snapshot snapshot, CheckedFile found, Sight now) {
        var name = snapshot.name();
        var before = bad.get(name);
        if (before == null
                || before.sizeBytes() != now.sizeBytes()
                || !before.modifiedAt().equals(now.modifiedAt())) {
            bad.put(name, now);
            LOG.warn("{} is not a good snapshot: {}; it is checked again in a minute", name, found.summary());
            return new Look(snapshot, found, false);
        }
        if (now.seenAt().isBefore(before.seenAt().plus(BETWEEN_LOOKS))) {
            return new Look(snapshot, found, false);
        }
        var record = found.recordedIn(snapshot);
        directory.adopt(record);
        directory.setCorrupt(name);
        bad.remove(name);
        LOG.error(
                "{} is not a good snapshot: {}; it was renamed to {}.corrupt and does not count",
                name,
                found.summary(),
                name);
        return new Look(record, found, true);
    }
}
