package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BucketCursor;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a snapshot's database anew while the snapshot is verified: as it was at an earlier revision, without the rows
 * above it, or for another cluster, or both. The source is read once. Every bucket is copied as it is, with two
 * exceptions. Leases that the keys of an earlier revision need and which are gone since get a row again: a key whose
 * lease has no row would never expire. And another cluster has members of its own, see {@link NewCluster}.
 *
 * <p>Whoever makes it looks at {@link #proof} first; what was written from a source with findings is worth nothing. The
 * target gets no footer and is not synced.
 */
public final class SnapshotCopy implements AutoCloseable {

    /** How long a lease lives that is added: time enough for its owner to renew it. */
    static final long ADDED_TTL_SECONDS = 60;

    private final CopiedFile copying;
    private final Plan plan;
    private final SnapshotProof proof;

    private SnapshotCopy(CopiedFile copying, Plan plan, SnapshotProof proof) {
        this.copying = copying;
        this.plan = plan;
        this.proof = proof;
    }

    /**
     * What the copy is of.
     *
     * @param raw whether the source is a copy of a member's own file, without a footer
     * @param revision rows of bucket {@code key} above it are left out; empty: it has all
     * @param cluster the cluster that it is for; empty: that of the source
     */
    public record Plan(boolean raw, OptionalLong revision, Optional<NewCluster> cluster) {

        private Set<String> heldBack() {
            var buckets = new HashSet<String>();
            if (revision.isPresent()) {
                buckets.add(StoreRows.LEASE);
            }
            cluster.map(NewCluster::buckets).ifPresent(buckets::addAll);
            return Set.copyOf(buckets);
        }
    }

    /**
     * Verifies the source and writes all that does not differ.
     *
     * @param target empty
     * @param progress of reading the source, in its bytes
     * @throws IOException if the source cannot be read
     * @throws NotWritten if the target cannot be written
     */
    public static SnapshotCopy begin(
            SnapshotVerifier verifier, FileSource source, Plan plan, FileChannel target, LongConsumer progress)
            throws IOException {
        var copying = new AtomicReference<@Nullable CopiedFile>();
        var proof = verifier.verify(
                source,
                plan.cluster().isPresent()
                        ? SnapshotVerifier.Options.forRestore(plan.raw())
                        : SnapshotVerifier.Options.rowsOnly(plan.raw()),
                file -> {
                    var made = new CopiedFile(
                            file,
                            target,
                            plan.revision().orElse(Long.MAX_VALUE),
                            plan.cluster().map(NewCluster::bump).orElse(0L),
                            plan.heldBack());
                    copying.set(made);
                    return made;
                },
                progress);
        return new SnapshotCopy(Objects.requireNonNull(copying.get(), "made before the file is read"), plan, proof);
    }

    /** The proof of the source. */
    public SnapshotProof proof() {
        return proof;
    }

    /**
     * What was written.
     *
     * @param bytes length of the database
     * @param addedLeases how many leases got a row again
     * @param raisedTo the raised revision, 0 without one
     */
    public record Written(long bytes, int addedLeases, long raisedTo) {}

    /**
     * Writes the rest.
     *
     * @throws TooManyLeases if the live keys have more leases than can be remembered
     * @throws NotWritten if the target cannot be written
     */
    public Written finish() {
        var added = plan.revision().isPresent() ? leases(plan.revision().getAsLong()) : 0;
        plan.cluster().ifPresent(this::members);
        return new Written(copying.finish(), added, copying.raisedTo());
    }

    private int leases(long revision) {
        var stored = proof.cursor(StoreRows.LEASE);
        var missing = missing(stored, revision);
        if (stored.isPresent() || missing.length > 0) {
            copying.write(
                    StoreRows.LEASE,
                    stored,
                    (_, _) -> true,
                    LongStream.of(missing).mapToObj(SnapshotCopy::row).iterator());
        }
        return missing.length;
    }

    private static Map.Entry<byte[], byte[]> row(long lease) {
        return Map.entry(LeaseRow.key(lease), LeaseRow.message(lease, ADDED_TTL_SECONDS));
    }

    /** The leases of live keys that have no row, in the order of their rows. */
    private long[] missing(Optional<BucketCursor> leases, long revision) {
        if (!proof.leased()) {
            return new long[0];
        }
        try (var live = proof.storedRows().liveAt(revision, _ -> {});
                var used = LeaseIds.used(live.rows());
                var there = LeaseIds.stored(proof.file(), leases)) {
            return used.without(there);
        }
    }

    private void members(NewCluster cluster) {
        for (var bucket : cluster.buckets()) {
            var stored = proof.cursor(bucket);
            if (stored.isPresent() || cluster.needs(bucket)) {
                copying.write(
                        bucket,
                        stored,
                        (key, length) -> cluster.keeps(bucket, proof.file(), key, length),
                        cluster.entries(bucket, copying.raisedTo()).entrySet().iterator());
            }
        }
    }

    /**
     * Verifies what was written, as a file without a footer. Of a database for another cluster no SHA-256 and no facts
     * are computed.
     *
     * @param written opens the target
     * @throws Different if it does not have the entries that it has to have
     * @throws IOException if it cannot be read
     */
    public SnapshotProof prove(SnapshotVerifier verifier, FileSource written, LongConsumer progress)
            throws IOException {
        var sums = new BucketSums();
        var options = plan.cluster().isPresent()
                ? SnapshotVerifier.Options.unhashed()
                : new SnapshotVerifier.Options(true, 0, false);
        var result = verifier.verify(written, options, sums::of, progress);
        if (result.good() && !sums.areLike(copying.sums())) {
            result.close();
            throw new Different();
        }
        return result;
    }

    /** What was written has other entries than the source. */
    public static final class Different extends RuntimeException {

        private Different() {
            super("it does not have the entries of its source");
        }
    }

    /** Closes the proof. */
    @Override
    public void close() {
        proof.close();
    }
}
