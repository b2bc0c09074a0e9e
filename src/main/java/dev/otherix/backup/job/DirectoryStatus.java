package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.Restorable;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.Verification;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The content of the directory at one moment, and whether it could be used. @param newestFirst its snapshots; none if
 * it could not be read
 *
 * @param bad the files in it that do not count as backups
 * @param removed how many snapshots this process has removed since its start @param vanished how many have disappeared
 *     since then without it @param freeBytes NaN if not known @param reserveBytes space that a run leaves free; NaN if
 *     not known
 * @param failure why it cannot be used; empty if it can
 */
public record DirectoryStatus(
        List<Snapshot> newestFirst,
        Bad bad,
        long removed,
        long vanished,
        double freeBytes,
        double reserveBytes,
        Optional<Reason> failure) {

    /** The status without a configured directory. */
    public static final DirectoryStatus NONE =
            new DirectoryStatus(List.of(), Bad.NONE, 0, 0, Double.NaN, Double.NaN, Optional.empty());

    private static final Set<KeptBecause> BY_COUNT_AGE_OR_PIN =
            EnumSet.of(KeptBecause.NEWEST, KeptBecause.WITHIN, KeptBecause.REQUESTED, KeptBecause.PINNED);

    /**
     * Files that are no backups.
     *
     * @param corrupt how many were found corrupt and renamed @param unreadable for each unreadable file the reason and
     *     what to do, newest first
     */
    public record Bad(int corrupt, List<String> unreadable) {

        public static final Bad NONE = new Bad(0, List.of());
    }

    /** Reads the directory now. Never throws if the directory does not work: the result holds that. */
    public static DirectoryStatus read(SnapshotDirectory directory) {
        try {
            var snapshots = directory.list();
            var space = directory.space();
            var unreadable = snapshots.stream()
                    .filter(snapshot -> !snapshot.verified())
                    .flatMap(snapshot -> directory.unreadable(snapshot.name()).stream())
                    .toList();
            var hangs = directory
                    .calls()
                    .hanging()
                    .map(call -> DirectoryFailure.hangs(directory.path(), call))
                    .map(Reason::of);
            return new DirectoryStatus(
                    snapshots,
                    new Bad(directory.movements().corrupt(), unreadable),
                    directory.movements().removed(),
                    directory.movements().vanished(),
                    known(space.freeBytes()),
                    space.reserveBytes(),
                    hangs.isPresent() || directory.writable()
                            ? hangs
                            : Optional.of(
                                    new Reason(
                                            Reason.Code.DIRECTORY_NOT_WRITABLE,
                                            directory.path()
                                                    + " is not writable; check its owner, its mode and whether it is mounted read-only")));
        } catch (DirectoryFailure failure) {
            return new DirectoryStatus(
                    List.of(),
                    Bad.NONE,
                    directory.movements().removed(),
                    directory.movements().vanished(),
                    Double.NaN,
                    Double.NaN,
                    Optional.of(Reason.of(failure)));
        }
    }

    /** This state, for a directory that no longer answers. */
    DirectoryStatus hanging(Reason why) {
        return new DirectoryStatus(newestFirst, bad, removed, vanished, Double.NaN, Double.NaN, Optional.of(why));
    }

    /** This state, with the last known files if it could not be read. */
    public DirectoryStatus orFilesOf(DirectoryStatus before) {
        var unread = failure.isPresent() && Double.isNaN(freeBytes);
        return unread
                ? new DirectoryStatus(
                        before.newestFirst, before.bad, removed, vanished, freeBytes, reserveBytes, failure)
                : this;
    }

    /** When the newest verified snapshot was taken that holds all writes acknowledged before it. */
    public Optional<Instant> lastSuccess() {
        return newestGood().map(Snapshot::createdAt);
    }

    /** The newest verified snapshot that holds all writes acknowledged before it. */
    public Optional<Snapshot> newestGood() {
        return newest(Snapshot::linearizable);
    }

    /** When the newest verified snapshot was taken that holds what the local member had. */
    public Optional<Instant> lastLocal() {
        return newest(Snapshot::local).map(Snapshot::createdAt);
    }

    private static double known(OptionalLong bytes) {
        return bytes.isPresent() ? bytes.getAsLong() : Double.NaN;
    }

    /** The newest verified snapshot of any kind. */
    public Optional<Snapshot> newestVerified() {
        return newest(_ -> true);
    }

    /**
     * How the cluster CA in the newest verified snapshot compares with the one on disk; empty if that was not checked.
     */
    public Optional<Verification.Check> ca() {
        return newestVerified().flatMap(newest -> newest.verification().check(Verification.Check.CA));
    }

    /** Which moments can be given back. */
    public Restorable restorable() {
        return Restorable.of(newestFirst);
    }

    /** When the oldest snapshot was taken. */
    public Optional<Instant> oldest() {
        return newestFirst.isEmpty()
                ? Optional.empty()
                : Optional.of(newestFirst.getLast().createdAt());
    }

    /** When the newest one was taken. */
    public Optional<Instant> newest() {
        return newestFirst.stream().findFirst().map(Snapshot::createdAt);
    }

    public long pinned() {
        return newestFirst.stream().filter(Snapshot::pinned).count();
    }

    /** How many are kept for a reason other than their number, their age or a pin. */
    public long held() {
        return heldOnes().count();
    }

    /** The size of these. */
    public long heldBytes() {
        return heldOnes().mapToLong(Snapshot::sizeBytes).sum();
    }

    private Stream<Snapshot> heldOnes() {
        return newestFirst.stream()
                .filter(snapshot ->
                        !snapshot.pinned() && !snapshot.keptBecause().isEmpty())
                .filter(snapshot -> snapshot.keptBecause().stream().noneMatch(BY_COUNT_AGE_OR_PIN::contains));
    }

    private Optional<Snapshot> newest(Predicate<Snapshot> kind) {
        return newestFirst.stream().filter(Snapshot::verified).filter(kind).findFirst();
    }
}
