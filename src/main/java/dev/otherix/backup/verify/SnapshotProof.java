package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BoltReport;
import dev.otherix.backup.verify.bolt.BucketCursor;
import dev.otherix.backup.verify.bolt.Finding;
import dev.otherix.backup.verify.bolt.Findings;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The result of a verification: the outcome of each check, every finding, and the facts if the file is sound. Keeps the
 * file open until it is closed. Not for use by several threads at once.
 */
public final class SnapshotProof implements AutoCloseable {

    private final BoltFile file;
    private final BoltReport structure;
    private final RowCheck rowCheck;
    private final int mostKeys;
    private final CheckResult pages;
    private final List<Finding> footerFindings = new ArrayList<>();
    private CheckResult rows = CheckResult.skipped("not looked at");
    private CheckResult footer = CheckResult.skipped("not looked at");
    private IntegrityFooter.@Nullable Result whole;
    private @Nullable KeySpace keys;
    private @Nullable FileDetails details;

    SnapshotProof(BoltFile file, BoltReport structure, RowCheck rowCheck, int mostKeys, Duration pagesTook) {
        this.file = file;
        this.structure = structure;
        this.rowCheck = rowCheck;
        this.mostKeys = mostKeys;
        this.pages = CheckResult.of(
                structure.findingCount(),
                structure.sound() ? null : structure.findings().getFirst().message(),
                pagesTook);
    }

    /** Called if the pages and the history of the keys have no findings. */
    void keep(KeySpace read, @Nullable FileDetails detailsOfIt) {
        keys = read;
        details = detailsOfIt;
    }

    void endRows(Duration took) {
        var found = rowFindings();
        rows = CheckResult.of(
                rowFindingCount(), found.isEmpty() ? null : found.getFirst().message(), took);
    }

    void setFooter(FooterHashing.Timed read, boolean raw) {
        whole = read.result();
        if (raw && !whole.present()) {
            footer = CheckResult.skipped("a member's own file has no footer");
            return;
        }
        var problem = whole.problem();
        if (problem != null) {
            footerFindings.add(new Finding(whole.present() ? "footer" : "footer_missing", null, null, problem));
        }
        footer = CheckResult.of(footerFindings.size(), problem, read.took());
    }

    /** Whether nothing was found. */
    public boolean good() {
        return findingCount() == 0;
    }

    /** The findings, the first hundred of each check: footer, pages, rows. */
    public List<Finding> findings() {
        var all = new ArrayList<>(footerFindings);
        all.addAll(structure.findings());
        all.addAll(rowFindings());
        return List.copyOf(all);
    }

    private List<Finding> rowFindings() {
        return Stream.concat(rowCheck.findings().first().stream(), rowCheck.store().findings().first().stream())
                .limit(Findings.MOST)
                .toList();
    }

    private long rowFindingCount() {
        return rowCheck.findings().count() + rowCheck.store().findings().count();
    }

    /** Notes about the file that do not make it bad. */
    public List<Remark> remarks() {
        return Remark.of(structure, rowCheck, keys == null ? 0 : keys.leaseless());
    }

    /**
     * Whether only one of the two meta pages is whole, so that the last write may be missing; only for a member's own
     * file.
     */
    public boolean oneMeta() {
        return structure.tornMeta() != null;
    }

    /** The number of all findings. */
    public long findingCount() {
        return footerFindings.size() + structure.findingCount() + rowFindingCount();
    }

    /** The SHA-256 of the data against the footer. */
    public CheckResult footer() {
        return footer;
    }

    /** Whether the file has a footer, right or wrong. */
    public boolean hasFooter() {
        return read().present();
    }

    /** The structure of the database. */
    public CheckResult pages() {
        return pages;
    }

    /** The content of the buckets; its time is in addition to that of {@link #pages}. */
    public CheckResult rows() {
        return rows;
    }

    /** Of the whole file, in bytes. */
    public long sizeBytes() {
        return read().sizeBytes();
    }

    /** SHA-256 of the whole file, lower-case hex. */
    public String sha256() {
        return read().fileSha256();
    }

    /**
     * SHA-256 that the file would have with a footer, lower-case hex.
     *
     * @throws IllegalStateException if it has one
     */
    public String sealedSha256() {
        var sealed = read().sealedSha256();
        if (sealed == null) {
            throw new IllegalStateException("the file has a footer");
        }
        return sealed;
    }

    private IntegrityFooter.Result read() {
        if (whole == null) {
            throw new IllegalStateException("the file has not been read to its end");
        }
        return whole;
    }

    /**
     * The rows of the key space. Usable until the proof is closed.
     *
     * @throws IllegalStateException if anything was found
     */
    public StoredRows storedRows() {
        requireGood();
        return new StoredRows(file, cursor(RowCheck.KEY).orElseThrow(), rowCheck, mostKeys);
    }

    private void requireGood() {
        if (!good()) {
            throw new IllegalStateException("the rows of a file with " + findingCount() + " findings are not known");
        }
    }

    /** Whether the pages and the history of the keys have no findings. */
    private boolean historySound() {
        return structure.sound() && rowCheck.findings().count() == 0;
    }

    /** Whether any key was ever written with a lease. */
    boolean leased() {
        return rowCheck.leased();
    }

    /** The entries of a bucket; empty if the file does not have it. */
    Optional<BucketCursor> cursor(String bucket) {
        return structure.bucket(bucket).map(found -> new BucketCursor(file, structure, found));
    }

    /** The first line of etcd that starts with the file, such as {@code 3.6}; empty if the file does not show it. */
    public Optional<String> neededLine() {
        return Optional.ofNullable(rowCheck.store().versions().needed()).map(EtcdVersion::line);
    }

    /** The file's content. */
    BoltFile file() {
        return file;
    }

    /** The facts of the store; empty if the pages or the history of the keys have findings. */
    public Optional<StoreFacts> facts() {
        return Optional.ofNullable(keys).map(KeySpace::facts);
    }

    /** More details; empty if they were not requested, or if {@link #facts} are empty. */
    public Optional<FileDetails> details() {
        return Optional.ofNullable(details);
    }

    /**
     * etcd's HashKV at the file's revision and another compact revision: that of a member that compacted after the
     * snapshot.
     *
     * @param compactRevision from the file's own up to its revision
     * @throws IllegalStateException without facts
     * @throws UncheckedIOException if the file can no longer be read
     * @throws VerificationCancelled if the thread was interrupted
     */
    public long hashKv(long compactRevision) {
        if (keys == null) {
            throw new IllegalStateException("a file with findings has no hash");
        }
        return keys.hashKv(compactRevision);
    }

    /** The active cluster CA of the otherix control plane whose state this is. */
    public ActiveCa activeCa() {
        return !good() ? new ActiveCa(null, "the file has findings") : new CaReader(file, rowCheck.caRows()).active();
    }

    /** Certificate and private key of that CA, for a restore; the caller closes the pair. */
    public Optional<CaPair> caPair() {
        return !historySound() ? Optional.empty() : new CaReader(file, rowCheck.caRows()).pair();
    }

    /** How often all rows were read to tell their keys apart. */
    int walks() {
        return keys == null ? 0 : keys.walks();
    }

    @Override
    public void close() {
        if (keys != null) {
            keys.close();
        }
        file.close();
    }
}
