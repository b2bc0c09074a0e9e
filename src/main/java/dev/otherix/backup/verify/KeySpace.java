package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BoltReport;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * The keys of a file whose pages and history have no findings: how many are live, their hash, and what they belong to.
 */
final class KeySpace implements AutoCloseable {

    /** Of telling the keys apart, in the work after the pages. */
    private static final double SHARE = 0.5;

    private final BoltFile file;
    private final BoltReport structure;
    private final RowCheck rowCheck;
    private final BucketCursor rows;
    private final LatestRows latest;
    private final StoreFacts facts;

    private KeySpace(BoltFile file, BoltReport structure, RowCheck rowCheck, BucketCursor rows, LatestRows latest) {
        this.file = file;
        this.structure = structure;
        this.rowCheck = rowCheck;
        this.rows = rows;
        this.latest = latest;
        this.facts = new StoreFacts(
                rowCheck.revision(),
                rowCheck.compactRevision(),
                latest.keys(),
                rowCheck.entries(),
                HashKv.of(file, rows, latest, rowCheck.compactRevision()),
                latest.count() > 0);
    }

    /** Reads it. */
    static KeySpace read(BoltFile file, BoltReport structure, RowCheck rowCheck, int mostKeys, Progress progress) {
        var bucket = structure.bucket(RowCheck.KEY).orElseThrow();
        var rows = new BucketCursor(file, structure, bucket);
        var leased = leasesCompared(rowCheck);
        try (var leases = leased ? leases(file, structure) : null) {
            var latest = new LatestRows(
                    file,
                    rows,
                    rowCheck.rows(),
                    rowCheck.revision(),
                    mostKeys,
                    leases,
                    share -> progress.rest(SHARE * share));
            try {
                latest.find();
                return new KeySpace(file, structure, rowCheck, rows, latest);
            } catch (RuntimeException | Error broken) {
                latest.close();
                throw broken;
            }
        }
    }

    /**
     * Whether the keys are compared with the leases: not if no key has a lease, and not if there are too many leases.
     */
    private static boolean leasesCompared(RowCheck rowCheck) {
        return rowCheck.leased() && rowCheck.store().leases() <= LeaseIds.MOST;
    }

    private static LeaseIds leases(BoltFile file, BoltReport structure) {
        var cursor = structure.bucket(StoreRows.LEASE).map(bucket -> new BucketCursor(file, structure, bucket));
        return LeaseIds.stored(file, cursor);
    }

    StoreFacts facts() {
        return facts;
    }

    FileDetails details(BucketFacts read) {
        var status = new StatusNumbers(
                read.hash(),
                rowCheck.lastRow(),
                rowCheck.entries(),
                latest.count(),
                structure.pageCount() * structure.pageSize());
        var needed = rowCheck.store().versions().needed();
        return new FileDetails(
                structure.pageSize(),
                structure.pageCount(),
                read.storageVersion(),
                needed == null ? null : needed.line(),
                read.cluster().members(),
                read.cluster().alarms(),
                ResourceCount.of(file, rows, latest),
                status);
    }

    /** See {@link SnapshotProof#hashKv}. */
    long hashKv(long compactRevision) {
        if (compactRevision < facts.compactRevision() || compactRevision > facts.revision()) {
            throw new IllegalArgumentException("compact revision " + compactRevision + " is not between "
                    + facts.compactRevision() + " and " + facts.revision());
        }
        try {
            return compactRevision == facts.compactRevision()
                    ? facts.hashKv()
                    : HashKv.of(file, rows, latest, compactRevision);
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause() instanceof ClosedByInterruptException
                    ? new VerificationCancelled()
                    : unreadable;
        }
    }

    /** How many live keys have a lease that does not exist. */
    long leaseless() {
        return latest.leaseless();
    }

    /** How often all rows were read to tell their keys apart. */
    int walks() {
        return latest.walks();
    }

    @Override
    public void close() {
        latest.close();
    }
}
