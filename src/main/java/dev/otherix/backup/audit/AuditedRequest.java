package dev.otherix.backup.audit;

import dev.otherix.backup.snapshot.SnapshotName;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Facts about a request that other packages collect for its line in the audit log. */
public final class AuditedRequest {

    private static final String ATTRIBUTE = AuditedRequest.class.getName();

    private volatile @Nullable Caller by;
    private volatile @Nullable String refusal;
    private volatile @Nullable SnapshotName about;
    private volatile @Nullable List<SnapshotName> removed;
    private volatile @Nullable Download download;
    private volatile @Nullable Undone undone;

    /** That of {@code request}. */
    public static AuditedRequest of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof AuditedRequest known) {
            return known;
        }
        var made = new AuditedRequest();
        request.setAttribute(ATTRIBUTE, made);
        return made;
    }

    /** Sets the snapshot that it is about, if the path has {@code latest} or none. */
    public void about(SnapshotName name) {
        about = name;
    }

    /** Sets the snapshots that it removed. */
    public void removed(List<SnapshotName> names) {
        removed = List.copyOf(names);
    }

    /** Sets the transaction that the caller reports as undone. */
    public void undone(Undone transaction) {
        undone = transaction;
    }

    /**
     * Records that the answer has bytes of a snapshot's file. @param sha256 of the whole file; null if it has not been
     * checked
     *
     * @param first the first byte of the part, from 0
     * @param last its last byte
     * @param size of the whole file
     */
    public Download download(SnapshotName name, @Nullable String sha256, long first, long last, long size) {
        about = name;
        var begun = new Download(sha256, first, last, size);
        download = begun;
        return begun;
    }

    /** Sets the caller. */
    public void by(Caller caller) {
        by = caller;
    }

    /** Sets the reason for a refusal. */
    public void refused(String why) {
        refusal = why;
    }

    public @Nullable Caller by() {
        return by;
    }

    public @Nullable String refusal() {
        return refusal;
    }

    @Nullable
    SnapshotName about() {
        return about;
    }

    @Nullable
    List<SnapshotName> removed() {
        return removed;
    }

    @Nullable
    Download download() {
        return download;
    }

    @Nullable
    Undone undone() {
        return undone;
    }

    /**
     * A transaction of etcd that another one has undone. Holds no key.
     *
     * @param undoneRevision of the transaction that was undone
     * @param revision of the one that undid it; null if the answer to it was lost
     * @param puts how many keys it put
     * @param deletes how many it deleted
     */
    public record Undone(long undoneRevision, @Nullable Long revision, long puts, long deletes) {}

    /**
     * The caller of a request.
     *
     * @param name of the token
     * @param scope of the token, its word
     */
    public record Caller(String name, String scope) {}

    /** A download of bytes of a snapshot's file. */
    public static final class Download {

        private final @Nullable String sha256;
        private final long first;
        private final long last;
        private final long size;
        private volatile long sent;
        private volatile boolean completed;

        private Download(@Nullable String sha256, long first, long last, long size) {
            this.sha256 = sha256;
            this.first = first;
            this.last = last;
            this.size = size;
        }

        /** Counts bytes that were passed to the connection. */
        public void sent(long bytes) {
            sent += bytes;
        }

        /** Records that the connection has taken the last byte. */
        public void complete() {
            completed = true;
        }

        @Nullable
        String sha256() {
            return sha256;
        }

        String range() {
            return first + "-" + last + "/" + size;
        }

        long sent() {
            return sent;
        }

        boolean completed() {
            return completed;
        }
    }
}
