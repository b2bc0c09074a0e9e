package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What should lie in a store: the rules applied step by step to what was copied and not removed since. */
final class SoakModel {

    /** As their stored records say. */
    private final Map<SnapshotName, Snapshot> there = new TreeMap<>();

    private final Set<SnapshotName> everCopied = new HashSet<>();

    Set<SnapshotName> names() {
        return Set.copyOf(there.keySet());
    }

    int copiesMade() {
        return everCopied.size();
    }

    /** The store works, and all is done that was to be done. */
    void settle(CopyRetention rules, Collection<Snapshot> local, Instant now) {
        var waiting = waiting(local);
        var all = new HashMap<>(asTheRecordsSay(local));
        waiting.forEach(snapshot -> all.put(snapshot.name(), snapshot));
        var chosen = rules.decide(all.values(), now);
        waiting.stream().filter(snapshot -> chosen.keeps(snapshot.name())).forEach(this::copied);
        there.keySet().removeAll(removed(rules, asTheRecordsSay(local), now));
    }

    /** The store failed at some point of the same: some copies were made, and some removed, perhaps. */
    void cutOff(Set<SnapshotName> found, CopyRetention rules, Collection<Snapshot> local, Instant now) {
        var before = Map.copyOf(asTheRecordsSay(local));
        var waiting = waiting(local);
        waiting.stream().filter(snapshot -> found.contains(snapshot.name())).forEach(this::copied);
        assertThat(there.keySet()).as("copies of nothing").containsAll(found);
        var allowed = Stream.of(before, asTheRecordsSay(local))
                .flatMap(copies -> removed(rules, copies, now).stream())
                .toList();
        var gone = new HashSet<>(there.keySet());
        gone.removeAll(found);
        assertThat(allowed).as("removed though the rules keep it").containsAll(gone);
        there.keySet().retainAll(found);
    }

    private List<Snapshot> waiting(Collection<Snapshot> local) {
        return local.stream()
                .filter(snapshot -> !everCopied.contains(snapshot.name()))
                .toList();
    }

    private void copied(Snapshot snapshot) {
        everCopied.add(snapshot.name());
        there.put(snapshot.name(), snapshot);
    }

    /** The local record decides while there is one. */
    private Map<SnapshotName, Snapshot> asTheRecordsSay(Collection<Snapshot> local) {
        var now = new HashMap<>(there);
        local.forEach(snapshot -> now.computeIfPresent(snapshot.name(), (_, _) -> snapshot));
        return now;
    }

    private static List<SnapshotName> removed(CopyRetention rules, Map<SnapshotName, Snapshot> copies, Instant now) {
        return rules.decide(copies.values(), now).removed().stream()
                .map(Snapshot::name)
                .toList();
    }
}
