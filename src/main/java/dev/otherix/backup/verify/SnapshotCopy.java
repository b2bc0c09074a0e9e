package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.BucketCursor;
import dev.otherix.backup.verify.bolt.BulkWriter;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
    private final SnapshotProof proof;

    private SnapshotCopy(Copying copying, SnapshotProof proof) {
        this.copying = copying;
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
        return new SnapshotCopy(Objects.requireNonNull(copying.get(), "made before the file is read"), proof);
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
     * @param live the keys that are live at the revision, of {@link #proof}
     * @throws TooManyLeases if the live keys have more leases than can be remembered
     * @throws NotWritten if the target cannot be written
     */
    public Written finish(LiveRows live) {
        var leases = proof.cursor(StoreRows.LEASE);
        var missing = missing(live, leases);
        if (leases.isPresent() || missing.length > 0) {
            copying.writer().begin(StoreRows.LEASE.getBytes(StandardCharsets.UTF_8));
            write(leases, missing, copying.writer());
        }
        return new Written(copying.finish(), missing.length);
    }

    /** The leases of live keys that have no row, in the order of their rows. */
    private long[] missing(LiveRows live, Optional<BucketCursor> leases) {
        if (!proof.leased()) {
            return new long[0];
        }
        try (var used = LeaseIds.used(live.rows());
                var there = LeaseIds.stored(proof.file(), leases)) {
            return used.without(there);
        }
    }

    private void write(Optional<BucketCursor> stored, long[] added, BulkWriter writer) {
        var file = proof.file();
        var next = 0;
        if (stored.isPresent()) {
            var rows = stored.get().forward();
            while (rows.next()) {
                while (next < added.length && isBefore(added[next], file.copy(rows.key(), rows.keyLength()))) {
                    put(added[next++], writer);
                }
                writer.put(file, rows.key(), rows.keyLength(), rows.valueLength());
            }
        }
        while (next < added.length) {
            put(added[next++], writer);
        }
    }

    private static boolean isBefore(long lease, byte[] row) {
        return Arrays.compareUnsigned(key(lease), row) < 0;
    }

    private static byte[] key(long lease) {
        return ByteBuffer.allocate(Long.BYTES).putLong(lease).array();
    }

    /** etcd: server/lease/leasepb/lease.proto, 1 ID, 2 TTL in seconds. */
    private static void put(long lease, BulkWriter writer) {
        var row = new ByteArrayOutputStream();
        row.write(1 << 3);
        varint(lease, row);
        row.write(2 << 3);
        varint(ADDED_TTL_SECONDS, row);
        writer.put(key(lease), row.toByteArray());
    }

    private static void varint(long number, ByteArrayOutputStream into) {
        var left = number;
        for (; left >>> 7 != 0; left >>>= 7) {
            into.write((int) (left & 0x7f) | 0x80);
        }
        into.write((int) left);
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
                writer().begin(source.copy(bucket.nameAt(), bucket.nameLength()));
            }
        }

        @Override
        public void element(long page, int index, long key, int keyLength, long valueLength) {
            if (!inLease && (!inKey || isWanted(key, keyLength))) {
                writer().put(source, key, keyLength, valueLength);
            }
        }

        private boolean isWanted(long key, int keyLength) {
            return RevisionKey.wellFormed(source, key, keyLength) && RevisionKey.main(source, key) <= revision;
        }

        private long finish() {
            return writer().finish(txid);
        }
    }
}
