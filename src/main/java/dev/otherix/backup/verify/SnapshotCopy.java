package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.BucketCursor;
import dev.otherix.backup.verify.bolt.BulkWriter;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a snapshot's database anew while the snapshot is verified, as it was at an earlier revision: without the rows
 * above it. The source is read once for both. Every other bucket is copied as it is, except that leases which the keys
 * of that revision need and which are gone since get a row again: a key whose lease has no row would never expire.
 *
 * <p>Whoever makes it looks at {@link #proof} first; what was written from a source with findings is worth nothing. The
 * target gets no footer and is not synced.
 */
public final class SnapshotCopy implements AutoCloseable {

    /** How long a lease lives that is added: time enough for its owner to renew it. */
    static final long ADDED_TTL_SECONDS = 60;

    private final Copying copying;
    private final long revision;
    private final SnapshotProof proof;

    private SnapshotCopy(Copying copying, long revision, SnapshotProof proof) {
        this.copying = copying;
        this.revision = revision;
        this.proof = proof;
    }

    /**
     * Verifies the source and writes all but its leases.
     *
     * @param revision rows of bucket {@code key} above it are left out
     * @param target empty
     * @param progress of reading the source, in its bytes
     * @throws IOException if the source cannot be read
     * @throws NotWritten if the target cannot be written
     */
    public static SnapshotCopy begin(
            SnapshotVerifier verifier,
            FileSource source,
            boolean raw,
            long revision,
            FileChannel target,
            LongConsumer progress)
            throws IOException {
        var copying = new AtomicReference<@Nullable Copying>();
        var proof = verifier.verify(
                source,
                SnapshotVerifier.Options.rowsOnly(raw),
                file -> {
                    var made = new Copying(file, target, revision);
                    copying.set(made);
                    return made;
                },
                progress);
        return new SnapshotCopy(Objects.requireNonNull(copying.get(), "made before the file is read"), revision, proof);
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
     */
    public record Written(long bytes, int addedLeases) {}

    /**
     * Writes the rest.
     *
     * @throws TooManyLeases if the live keys have more leases than can be remembered
     * @throws NotWritten if the target cannot be written
     */
    public Written finish() {
        var leases = proof.cursor(StoreRows.LEASE);
        var missing = missing(leases);
        if (leases.isPresent() || missing.length > 0) {
            copying.begin(StoreRows.LEASE, StoreRows.LEASE.getBytes(StandardCharsets.UTF_8));
            write(leases, missing);
        }
        return new Written(copying.finish(), missing.length);
    }

    /** The leases of live keys that have no row, in the order of their rows. */
    private long[] missing(Optional<BucketCursor> leases) {
        if (!proof.leased()) {
            return new long[0];
        }
        try (var live = proof.storedRows().liveAt(revision, _ -> {});
                var used = LeaseIds.used(live.rows());
                var there = LeaseIds.stored(proof.file(), leases)) {
            return used.without(there);
        }
    }

    private void write(Optional<BucketCursor> stored, long[] added) {
        var file = proof.file();
        var next = 0;
        if (stored.isPresent()) {
            var rows = stored.get().forward();
            while (rows.next()) {
                while (next < added.length && LeaseRow.isBefore(added[next], file.copy(rows.key(), rows.keyLength()))) {
                    add(added[next++]);
                }
                copying.put(rows.key(), rows.keyLength(), rows.valueLength());
            }
        }
        while (next < added.length) {
            add(added[next++]);
        }
    }

    private void add(long lease) {
        copying.put(LeaseRow.key(lease), LeaseRow.message(lease, ADDED_TTL_SECONDS));
    }

    /**
     * Verifies what was written, as a file without a footer.
     *
     * @param written opens the target
     * @throws Different if it does not have the entries that it has to have
     * @throws IOException if it cannot be read
     */
    public SnapshotProof prove(SnapshotVerifier verifier, FileSource written, LongConsumer progress)
            throws IOException {
        var sums = new BucketSums();
        var result = verifier.verify(written, new SnapshotVerifier.Options(true, 0, false), sums::of, progress);
        if (result.good() && !sums.areLike(copying.sums)) {
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

    /** Gets each entry as it is verified, and writes it. */
    private static final class Copying implements ElementVisitor {

        private final BoltFile source;
        private final FileChannel target;
        private final long revision;
        private final BucketSums sums = new BucketSums();
        private @Nullable BulkWriter writer;
        private long txid;
        private boolean inKey;
        private boolean inLease;

        private Copying(BoltFile source, FileChannel target, long revision) {
            this.source = source;
            this.target = target;
            this.revision = revision;
        }

        @Override
        public void begin(int pageSize, long shown) {
            writer = new BulkWriter(target, pageSize, _ -> {});
            txid = shown;
        }

        private BulkWriter writer() {
            return Objects.requireNonNull(writer, "the meta page comes first");
        }

        @Override
        public void bucket(Bucket bucket) {
            inKey = bucket.name().equals(RowCheck.KEY);
            inLease = bucket.name().equals(StoreRows.LEASE);
            if (!inLease) {
                begin(bucket.name(), source.copy(bucket.nameAt(), bucket.nameLength()));
            }
        }

        @Override
        public void element(long page, int index, long key, int keyLength, long valueLength) {
            if (!inLease && (!inKey || isWanted(key, keyLength))) {
                put(key, keyLength, valueLength);
            }
        }

        private void begin(String name, byte[] bytes) {
            sums.enter(name);
            writer().begin(bytes);
        }

        private void put(long key, int keyLength, long valueLength) {
            sums.add(source, key, keyLength + valueLength);
            writer().put(source, key, keyLength, valueLength);
        }

        private void put(byte[] key, byte[] value) {
            sums.add(key, value);
            writer().put(key, value);
        }

        private boolean isWanted(long key, int keyLength) {
            return RevisionKey.wellFormed(source, key, keyLength) && RevisionKey.main(source, key) <= revision;
        }

        private long finish() {
            return writer().finish(txid);
        }
    }
}
