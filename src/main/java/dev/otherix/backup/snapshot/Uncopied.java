package dev.otherix.backup.snapshot;

import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Which snapshots retention keeps because they have no off-site copy yet: the newest of them, and some besides.
 *
 * @param targets where copies go; empty if off-site copies are off
 * @param besides how many are kept besides the newest
 * @param passedOver which ones are not copied there, because they would not be kept there
 */
public record Uncopied(Set<Target> targets, int besides, BiPredicate<Target, SnapshotName> passedOver) {

    /** No copies are made, so none is waited for. */
    public static final Uncopied NONE = new Uncopied(Set.of(), 0);

    /** Where each one is copied. */
    public Uncopied(Set<Target> targets, int besides) {
        this(targets, besides, (_, _) -> false);
    }

    public Uncopied {
        targets = Set.copyOf(targets);
    }

    /** The same, with at most this many besides the newest. */
    Uncopied keeping(int most) {
        return new Uncopied(targets, Math.min(besides, most), passedOver);
    }

    /**
     * Whether it is to be copied, and lacks a copy at a target. One that was removed there on purpose counts as copied.
     */
    boolean waits(Snapshot snapshot) {
        return snapshot.verified()
                && targets.stream()
                        .anyMatch(
                                target -> snapshot.copy(target).isEmpty() && !passedOver.test(target, snapshot.name()));
    }
}
