package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import dev.otherix.backup.verify.SnapshotCopy;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.StoredRows;
import java.io.IOException;
import java.util.function.LongConsumer;

/** Proves a database that was written out of a snapshot: pages, rows, every entry, and the keys of its moment. */
final class DatabaseProof {

    private final SnapshotVerifier verifier;
    private final SnapshotCopy copy;
    private final ProvenSource from;

    DatabaseProof(SnapshotVerifier verifier, SnapshotCopy copy, ProvenSource from) {
        this.verifier = verifier;
        this.copy = copy;
        this.from = from;
    }

    /**
     * The keys in it.
     *
     * @throws Refused if it is not what it has to be
     * @throws IOException if it cannot be read
     */
    StoredRows.KeysAt of(Building building, LongConsumer progress) throws IOException {
        try (var proof = copy.prove(verifier, building::reopenDatabase, progress)) {
            if (!proof.good()) {
                throw faulty(proof.findings().getFirst().message());
            }
            var keys = proof.storedRows().keysAt(from.revision(), from.compactRevision(), _ -> {});
            if (from.recordedHash().filter(hash -> hash != keys.hashKv()).isPresent()) {
                throw faulty("its HashKV is " + keys.hashKv() + ", and the snapshot's record says "
                        + from.recordedHash().get());
            }
            return keys;
        } catch (SnapshotCopy.Different different) {
            throw faulty(String.valueOf(different.getMessage()));
        } catch (InternalError fault) {
            // what Java throws where a page of a mapped file cannot be read
            throw new IOException("what was written cannot be read again: the medium fails", fault);
        }
    }

    private static Refused faulty(String problem) {
        return new Refused(
                "the new database is not what it has to be, and the directory got no name: " + problem,
                "This is a fault of this program or of the disk. Try another disk, and report it.");
    }
}
