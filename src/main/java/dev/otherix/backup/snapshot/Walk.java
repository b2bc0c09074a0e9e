package dev.otherix.backup.snapshot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads one snapshot after the other, newest first, each when it is requested. A snapshot without a record belongs to
 * the lineage of the previous one, so that one is read too.
 */
final class Walk implements Iterator<Snapshot> {

    private final Iterator<SnapshotName> newestFirst;
    private final Set<SnapshotName> aside;
    private final Look look;
    private final Deque<Snapshot> ready = new ArrayDeque<>();

    /** @param from how many names of {@code listing} are skipped */
    Walk(Names.Listing listing, int from, Look look) {
        this.newestFirst = listing.snapshots().listIterator(from);
        this.aside = listing.aside();
        this.look = look;
    }

    /** Reads one snapshot. */
    interface Look {

        /**
         * Empty if no file has this name any more.
         *
         * @param asideListed whether the listing shows a damaged record that was set aside
         */
        Optional<Seen> at(SnapshotName name, boolean asideListed);
    }

    /** @param recorded whether its lineage comes from a record, and is not only its own name */
    record Seen(Snapshot snapshot, boolean recorded) {}

    Stream<Snapshot> snapshots() {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    @Override
    public boolean hasNext() {
        if (ready.isEmpty()) {
            lookOn();
        }
        return !ready.isEmpty();
    }

    @Override
    public Snapshot next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.removeFirst();
    }

    private void lookOn() {
        var seen = new ArrayList<Snapshot>();
        var recorded = false;
        while (!recorded && newestFirst.hasNext()) {
            var name = newestFirst.next();
            var next = look.at(name, aside.contains(name));
            next.map(Seen::snapshot).ifPresent(seen::add);
            recorded = next.filter(Seen::recorded).isPresent();
        }
        if (seen.size() == 1) {
            ready.add(seen.getFirst());
        } else if (!seen.isEmpty()) {
            var lineage = seen.getLast().lineage();
            seen.forEach(snapshot -> ready.add(snapshot.withLineage(lineage)));
        }
    }
}
