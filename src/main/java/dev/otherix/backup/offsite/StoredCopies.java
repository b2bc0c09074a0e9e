package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the records in one folder say, as far as the rules ask for it. Records never change, so each is read once. One
 * thread reads; what is known can be read by any.
 */
final class StoredCopies {

    /** Read at a time, so that a new snapshot does not wait for thousands of them. */
    private static final int AT_ONCE = 200;

    private final StoreSight sight;
    private final Map<SnapshotName, Snapshot> copies = new TreeMap<>();
    private final Set<SnapshotName> unusable = new HashSet<>();
    private final SlimCopy slim = new SlimCopy();
    private @Nullable Folder folder;
    private volatile Known known = new Known(null, List.of(), false);

    StoredCopies(StoreSight sight) {
        this.sight = sight;
    }

    /**
     * What is known.
     *
     * @param folder null before the first look
     * @param copies those whose records could be read
     * @param whole whether each record that was listed has been read
     */
    record Known(@Nullable Folder folder, List<Snapshot> copies, boolean whole) {

        /** Whether all is known of {@code other}. */
        boolean isAllOf(Folder other) {
            return whole && other.equals(folder);
        }
    }

    Known known() {
        return known;
    }

    /** Takes over what the last look showed. */
    void look(Folder now) {
        if (!now.equals(folder)) {
            folder = now;
            copies.clear();
            unusable.clear();
        }
        var listed = new HashSet<>(sight.copies(now));
        var changed = copies.keySet().retainAll(listed);
        unusable.retainAll(listed);
        publish(changed);
    }

    /** Reads some of the records that were not read yet. */
    void readSome() {
        unread().limit(AT_ONCE).forEach(this::read);
        publish(true);
    }

    private Stream<SnapshotName> unread() {
        return folder == null
                ? Stream.empty()
                : sight.copies(folder).stream().filter(name -> !copies.containsKey(name) && !unusable.contains(name));
    }

    private void read(SnapshotName name) {
        var record = Optional.ofNullable(folder)
                .flatMap(in -> sight.readable(in.record(name)))
                .filter(found -> found.name().equals(name));
        record.ifPresentOrElse(found -> copies.put(name, slim.of(found)), () -> unusable.add(name));
    }

    /** Takes in a copy that was made. */
    void add(Folder in, Snapshot snapshot) {
        if (in.equals(folder)) {
            copies.put(snapshot.name(), slim.of(snapshot));
            publish(true);
        }
    }

    /** Takes over what a look at {@code seen} showed, if that is the folder whose copies are known. */
    void follow(Folder seen) {
        if (seen.equals(folder)) {
            look(seen);
        }
    }

    /** Takes out a copy that was removed. */
    void remove(Folder.Place place) {
        if (place.folder().equals(folder) && copies.remove(place.name()) != null) {
            known = new Known(folder, List.copyOf(copies.values()), known.whole());
        }
    }

    private void publish(boolean changed) {
        var whole = folder != null && unread().findFirst().isEmpty();
        if (changed || whole != known.whole() || !Objects.equals(folder, known.folder())) {
            known = new Known(folder, List.copyOf(copies.values()), whole);
        }
    }
}
