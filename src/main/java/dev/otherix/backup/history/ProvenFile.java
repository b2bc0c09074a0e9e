package dev.otherix.backup.history;

import dev.otherix.backup.verify.SnapshotProof;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.StoredRows;
import dev.otherix.backup.verify.bolt.Finding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * A snapshot that passed every check of {@code verify}, and its rows. Keeps the file open until it is closed, so a file
 * that is renamed or removed meanwhile can still be read. Not for use by several threads at once.
 */
public final class ProvenFile implements AutoCloseable {

    private static final Set<String> VERSIONS = Set.of("cluster_version", "storage_version");

    private final Path path;
    private final SnapshotProof proof;
    private final StoredRows rows;
    private final Span span;
    private final Optional<String> clusterId;

    private ProvenFile(Path path, SnapshotProof proof, Span span, Optional<String> clusterId) {
        this.clusterId = clusterId;
        this.path = path;
        this.proof = proof;
        this.rows = proof.storedRows();
        this.span = span;
    }

    /**
     * Proves the file. A link is followed: a person who names one means the file behind it.
     *
     * @param raw whether it is a copy of a member's own {@code snap/db}, which has no footer
     * @param progress gets the bytes that are done, up to the size of the file
     * @throws IOException if it cannot be read
     * @throws Refused if there are findings
     * @throws dev.otherix.backup.snapshot.DirectoryFailure if the record beside it cannot be read
     */
    public static ProvenFile open(Path path, boolean raw, LongConsumer progress) throws IOException {
        return open(path, raw, SnapshotVerifier.Options.rowsOnly(raw), progress);
    }

    /** Like the other method, for a snapshot whose facts and details are wanted too. */
    public static ProvenFile openWithDetails(Path path, LongConsumer progress) throws IOException {
        return open(path, false, new SnapshotVerifier.Options(false, 0, true), progress);
    }

    private static ProvenFile open(Path path, boolean raw, SnapshotVerifier.Options options, LongConsumer progress)
            throws IOException {
        var file = path.toRealPath();
        var record = RecordBeside.of(file);
        var proof = new SnapshotVerifier().verify(file, options, progress);
        try {
            requireGood(path, proof, raw ? Optional.empty() : record.against(proof));
            return new ProvenFile(path, proof, record.span(path, proof), record.clusterId(proof));
        } catch (RuntimeException | Error unusable) {
            proof.close();
            throw unusable;
        }
    }

    /**
     * Requires a file without findings.
     *
     * @param other what was found besides
     * @throws Refused if there are any
     */
    public static void requireGood(Path path, SnapshotProof proof, Optional<Finding> other) {
        var count = proof.findingCount() + other.stream().count();
        if (count > 0) {
            var findings =
                    Stream.concat(proof.findings().stream(), other.stream()).toList();
            var first = findings.getFirst();
            var newer = findings.stream().allMatch(finding -> VERSIONS.contains(finding.code()));
            throw new Refused(
                    path + " has findings (" + count + "), the first: " + first.code() + ": " + first.message(),
                    fix(first, newer) + " \"otherix-etcd-backup verify " + path + "\" shows all.");
        }
    }

    private static String fix(Finding first, boolean newer) {
        if (first.code().equals("footer_missing")) {
            return "If it is a copy of a member's own snap/db, add --raw. Otherwise use another snapshot.";
        }
        return newer
                ? "If a newer etcd wrote it, use a newer otherix-etcd-backup. Otherwise use another snapshot."
                : "Use another snapshot.";
    }

    /** As it was named. */
    public Path path() {
        return path;
    }

    /** What the verification found out about it. */
    public SnapshotProof proof() {
        return proof;
    }

    /** The id of its cluster in lower-case hex; empty if no record beside it says it. */
    public Optional<String> clusterId() {
        return clusterId;
    }

    public StoredRows rows() {
        return rows;
    }

    /** The moments that it holds. */
    public Span span() {
        return span;
    }

    @Override
    public void close() {
        proof.close();
    }
}
