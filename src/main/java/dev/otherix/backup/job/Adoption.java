package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.verify.IntegrityFooter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks, in the background, files under a snapshot's name that this service did not make or whose record does not fit, and records
 * what it found. One that is bad twice in a row, unchanged for a minute in between, loses its name: it may have been half copied
 * the first time.
 */
public final class Adoption {

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);
    private static final long UNREAD = -1;
    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

    private final SnapshotDirectory directory;
    private final Retention retention;
    private final Clock clock;
    private final Map<SnapshotName, Bad> bad = new HashMap<>();

    Adoption(SnapshotDirectory directory, Retention retention, Clock clock) {
        this.directory = directory;
        this.retention = retention;
        this.clock = clock;
    }

    /**
     * A file that was bad when last looked at.
     *
     * @param sizeBytes {@value #UNREAD} where it could not be read
     */
    private record Bad(Instant seenAt, long sizeBytes, Instant modifiedAt) {}

    /** Looks once at each unverified file. */
    synchronized void look() {
        try {
            var unverified = directory.list().stream().filter(snapshot -> !snapshot.verified()).toList();
            bad.keySet().retainAll(unverified.stream().map(Snapshot::name).toList());
            unverified.forEach(this::check);
            if (!unverified.isEmpty()) {
                retention.explain();
            }
        } catch (DirectoryFailure unreadable) {
            // health and the next run say so at their level; this is tried again
            LOG.debug("the directory cannot be read or written", unreadable);
        }
    }

    private void check(Snapshot snapshot) {
        var name = snapshot.name();
        var before = bad.get(name);
        var now = clock.instant();
        if (before != null && now.isBefore(before.seenAt().plus(BETWEEN_LOOKS))) {
            return;
        }
        try {
            var modifiedAt = directory.modifiedAt(name);
            var footer = IntegrityFooter.check(directory.file(name));
            var here = new Bad(now, footer.sizeBytes(), modifiedAt);
            if (footer.passed()) {
                adopt(snapshot, footer);
            } else if (before != null && before.sizeBytes() == here.sizeBytes() && before.modifiedAt().equals(modifiedAt)) {
                directory.setCorrupt(name);
                LOG.error("{} is no good snapshot: {}; renamed to {}.corrupt, it does not count", name, footer.detail(), name);
            } else {
                bad.put(name, here);
                LOG.warn("{} is no good snapshot: {}; looked at again in a minute", name, footer.detail());
            }
        } catch (IOException | DirectoryFailure broken) {
            bad.put(name, new Bad(now, UNREAD, now));
            LOG.warn("{} could not be checked and recorded: {}; tried again in a minute", name, broken.getMessage());
        }
    }

    private void adopt(Snapshot snapshot, IntegrityFooter.Result footer) {
        var checked = new Verification(Verification.State.VERIFIED, clock.instant().truncatedTo(ChronoUnit.MILLIS),
                List.of(new Verification.Check("footer", Verification.Outcome.PASSED, null, null, null)));
        directory.adopt(snapshot.withFound(footer.sizeBytes(), footer.fileSha256(), null, checked));
        LOG.info("{} was there without a fitting record; checked and recorded", snapshot.name());
    }
}
