package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot and all that is recorded about it: the object in the record file beside it, and in the API. There it is
 * one flat object, in the order of the parts here and of their fields. Unknown facts are null.
 *
 * @param createdAt the clock's time when the run began to stream; the name may be later (see
 *     {@link SnapshotDirectory#nextName})
 * @param file its file in the directory
 * @param content the facts read from the file
 * @param origin how it was made
 * @param keeping whether it is kept, and why
 * @param checked the result of the checks
 * @param copies its off-site copies, at most one for each target
 * @param drill the last drill with it that showed something; null if there was none
 */
public record Snapshot(
        SnapshotName name,
        Instant createdAt,
        @JsonUnwrapped StoredFile file,
        @JsonUnwrapped Content content,
        @JsonUnwrapped Origin origin,
        @JsonUnwrapped Keeping keeping,
        @JsonUnwrapped Checked checked,
        List<Copy> copies,
        @Nullable Drilled drill) {

    private static final Set<KeptBecause> HELD = EnumSet.of(KeptBecause.LINEAGE, KeptBecause.SHRUNK);

    public Snapshot {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(createdAt, "created_at");
        // the record of an earlier version has none
        copies = copies == null ? List.of() : List.copyOf(copies);
    }

    /** One without a drill. */
    public Snapshot(
            SnapshotName name,
            Instant createdAt,
            StoredFile file,
            Content content,
            Origin origin,
            Keeping keeping,
            Checked checked,
            List<Copy> copies) {
        this(name, createdAt, file, content, origin, keeping, checked, copies, null);
    }

    /** A file with only its name and size known. */
    static Snapshot unrecorded(SnapshotName name, long sizeBytes, SnapshotName lineage) {
        return new Snapshot(
                name,
                name.second(),
                new StoredFile(sizeBytes, null),
                Content.UNREAD,
                Origin.UNKNOWN,
                new Keeping(lineage, false, List.of()),
                new Checked(null, Verification.none()),
                List.of());
    }

    /** Whether the deciding checks have passed. */
    public boolean verified() {
        return verification().state() == Verification.State.VERIFIED;
    }

    /** Whether it is known to hold every write acknowledged before its run. */
    public boolean linearizable() {
        return etcd() != null && etcd().consistency() == Consistency.LINEARIZABLE;
    }

    /** Whether it is known to hold only what the local member had. */
    public boolean local() {
        return etcd() != null && etcd().consistency() == Consistency.LOCAL;
    }

    /**
     * Whether it is kept only for its lineage or because of a later loss of keys, not for its number, its age or a pin.
     */
    public boolean held() {
        return !keptBecause().isEmpty() && HELD.containsAll(keptBecause());
    }

    /** The id of its cluster, if known. */
    public @Nullable String clusterId() {
        return etcd() == null ? null : etcd().clusterId();
    }

    public long sizeBytes() {
        return file.sizeBytes();
    }

    public @Nullable String sha256() {
        return file.sha256();
    }

    public @Nullable Long revision() {
        return content.revision();
    }

    public @Nullable Long liveKeys() {
        return content.liveKeys();
    }

    public @Nullable MemberFacts etcd() {
        return origin.etcd();
    }

    public @Nullable Trigger trigger() {
        return origin.trigger();
    }

    /** How far back its file reaches, if a run recorded that. */
    public @Nullable History history() {
        return origin.history();
    }

    public SnapshotName lineage() {
        return keeping.lineage();
    }

    public boolean pinned() {
        return keeping.pinned();
    }

    public List<KeptBecause> keptBecause() {
        return keeping.keptBecause();
    }

    public Verification verification() {
        return checked.verification();
    }

    /** Its copy at {@code target}, if one was ever made. */
    public Optional<Copy> copy(Target target) {
        return copies.stream().filter(copy -> copy.target() == target).findFirst();
    }

    /** The same snapshot with this copy, instead of another at the same target. */
    public Snapshot with(Copy copy) {
        var all = Stream.concat(copies.stream().filter(one -> one.target() != copy.target()), Stream.of(copy))
                .sorted(Comparator.comparing(Copy::target))
                .toList();
        return new Snapshot(name, createdAt, file, content, origin, keeping, checked, all, drill);
    }

    /** The same snapshot with this drill, instead of an earlier one. */
    public Snapshot with(Drilled drill) {
        return new Snapshot(name, createdAt, file, content, origin, keeping, checked, copies, drill);
    }

    /** The same snapshot with the copies of {@code other}, and with its drill if the file is the same. */
    Snapshot withNotedOf(Snapshot other) {
        var drill = Objects.equals(sha256(), other.sha256()) ? other.drill() : null;
        return new Snapshot(name, createdAt, file, content, origin, keeping, checked, other.copies(), drill);
    }

    /** The same snapshot, kept for other reasons. */
    public Snapshot withKeptBecause(List<KeptBecause> reasons) {
        return with(keeping.withReasons(reasons));
    }

    /** The same snapshot, of another lineage. */
    Snapshot withLineage(SnapshotName lineage) {
        return with(keeping.withLineage(lineage));
    }

    Snapshot with(Keeping keeping) {
        return new Snapshot(name, createdAt, file, content, origin, keeping, checked, copies, drill);
    }

    Snapshot with(Checked checked) {
        return new Snapshot(name, createdAt, file, content, origin, keeping, checked, copies, drill);
    }

    /** The same snapshot, whose file has not been proven good. */
    Snapshot notLookedAt() {
        return with(new Checked(checked.caFingerprint(), Verification.none()));
    }

    /**
     * The same snapshot with the facts from its file. @param content null if the file is too damaged to be read; the
     * earlier facts stay then
     */
    public Snapshot withFound(StoredFile file, @Nullable Content content, Checked checked) {
        return content == null
                ? new Snapshot(name, createdAt, file, this.content, origin, keeping, this.checked, copies, drill)
                        .with(new Checked(this.checked.caFingerprint(), checked.verification()))
                : new Snapshot(name, createdAt, file, content, origin, keeping, checked, copies, drill);
    }
}
