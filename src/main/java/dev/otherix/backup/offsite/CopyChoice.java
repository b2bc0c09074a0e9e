package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of one target say of the snapshots that wait here and of the copies that lie there. Of a snapshot that
 * is still here, its local record counts. Safe for use by several threads; asks neither the store nor the disk.
 */
final class CopyChoice {

    /** A decision depends on the time only where a clock was wrong. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Optional<CopyRetention> rules;
    private final Target target;
    private final Folders folders;
    private final StoredCopies stored;
    private final Clock clock;
    private @Nullable Waiting last;
    private @Nullable Doomed doomed;
    /** Once time has passed without a jump, an old copy that the store holds shows none any more. */
    private volatile Instant passed = Instant.EPOCH;

    /** @param rules empty if this service removes nothing there; then each snapshot is copied */
    CopyChoice(Optional<CopyRetention> rules, Target target, Folders folders, StoredCopies stored, Clock clock) {
        this.rules = rules;
        this.target = target;
        this.folders = folders;
        this.stored = stored;
        this.clock = clock;
    }

    private record Waiting(
            List<Snapshot> newestFirst,
            Set<SnapshotName> failing,
            StoredCopies.Known known,
            Instant at,
            List<Snapshot> chosen) {

        boolean answers(List<Snapshot> asked, Set<SnapshotName> fail, StoredCopies.Known now, Instant time) {
            return known == now
                    && !time.isBefore(at)
                    && time.isBefore(at.plus(FRESH))
                    && failing.equals(fail)
                    && newestFirst.equals(asked);
        }
    }

    private record Doomed(
            List<Snapshot> newestFirst, StoredCopies.Known known, Instant at, List<SnapshotName> names, long putOff) {

        boolean answers(List<Snapshot> asked, StoredCopies.Known now, Instant time) {
            return known == now && !time.isBefore(at) && time.isBefore(at.plus(FRESH)) && newestFirst.equals(asked);
        }
    }

    /** Where the snapshots of now are copied to, and from where copies are removed; empty if that is not known. */
    Optional<Folder> folder(List<Snapshot> newestFirst) {
        return newestFirst.isEmpty() ? Optional.empty() : folders.of(newestFirst.getFirst(), newestFirst);
    }

    /** Whether this service removes copies there. */
    boolean removes() {
        return rules.isPresent();
    }

    /** Takes over what the last look at {@code folder} showed. */
    void look(Folder folder) {
        stored.look(folder);
    }

    StoredCopies stored() {
        return stored;
    }

    /** Whether all is known of what lies there that the rules ask for. */
    boolean knowsAll(List<Snapshot> newestFirst) {
        return rules.isEmpty()
                || folder(newestFirst).filter(stored.known()::isAllOf).isPresent();
    }

    /** Whether {@code snapshot} lacks a copy. One that was removed there on purpose is not copied again. */
    boolean lacks(Snapshot snapshot, List<Snapshot> newestFirst) {
        return snapshot.copy(target).isEmpty()
                && folders.of(snapshot, newestFirst).isPresent();
    }

    /**
     * The snapshots to copy, newest first: those without a copy that the rules would keep there.
     *
     * @param failing snapshots that cannot be copied now; they take no place of others
     */
    synchronized List<Snapshot> waiting(List<Snapshot> newestFirst, Set<SnapshotName> failing) {
        var known = stored.known();
        var now = clock.instant();
        if (last == null || !last.answers(newestFirst, failing, known, now)) {
            last = new Waiting(newestFirst, failing, known, now, chosen(newestFirst, failing, known, now));
        }
        return last.chosen();
    }

    private List<Snapshot> chosen(
            List<Snapshot> newestFirst, Set<SnapshotName> failing, StoredCopies.Known known, Instant now) {
        var all = newestFirst.stream()
                .filter(snapshot -> lacks(snapshot, newestFirst))
                .toList();
        var own = folder(newestFirst);
        if (rules.isEmpty() || own.isEmpty()) {
            return all;
        }
        var ofOwn = all.stream()
                .filter(snapshot -> folders.of(snapshot, newestFirst).equals(own))
                .collect(Collectors.toMap(Snapshot::name, snapshot -> snapshot));
        var there = there(newestFirst, own.get(), known);
        var kept = kept(there, ofOwn.values().stream().filter(snapshot -> !failing.contains(snapshot.name())), now);
        var keptAll = failing.isEmpty() ? kept : kept(there, ofOwn.values().stream(), now);
        return all.stream()
                .filter(snapshot -> !ofOwn.containsKey(snapshot.name())
                        || (failing.contains(snapshot.name()) ? keptAll : kept).contains(snapshot.name()))
                .toList();
    }

    private Set<SnapshotName> kept(Map<SnapshotName, Snapshot> there, Stream<Snapshot> besides, Instant now) {
        var all = new HashMap<>(there);
        besides.forEach(snapshot -> all.put(snapshot.name(), snapshot));
        return rules.orElseThrow().decide(all.values(), now, passed(now)).kept().stream()
                .map(kept -> kept.snapshot().name())
                .collect(Collectors.toSet());
    }

    /** What lies in {@code own}, as far as it is known. */
    private Map<SnapshotName, Snapshot> there(List<Snapshot> newestFirst, Folder own, StoredCopies.Known known) {
        var there = new HashMap<SnapshotName, Snapshot>();
        if (own.equals(known.folder())) {
            known.copies().forEach(copy -> there.put(copy.name(), copy));
        }
        for (var snapshot : newestFirst) {
            var isThere = snapshot.copy(target)
                    .filter(copy -> copy.state() != Copy.State.REMOVED && copy.state() != Copy.State.MISSING)
                    .filter(_ -> !known.isAllOf(own)
                            && folders.of(snapshot, newestFirst)
                                    .filter(own::equals)
                                    .isPresent())
                    .isPresent();
            if (isThere || there.containsKey(snapshot.name())) {
                there.put(snapshot.name(), snapshot);
            }
        }
        return there;
    }

    /** The copies in the folder that the rules do not keep, oldest first; none before all is known. */
    List<SnapshotName> superfluous(List<Snapshot> newestFirst) {
        return doomed(newestFirst).names();
    }

    /** How many more there are, but stay because time seems to have jumped. */
    long putOff(List<Snapshot> newestFirst) {
        return doomed(newestFirst).putOff();
    }

    private synchronized Doomed doomed(List<Snapshot> newestFirst) {
        var known = stored.known();
        var now = clock.instant();
        if (doomed == null || !doomed.answers(newestFirst, known, now)) {
            doomed = doomed(newestFirst, known, now);
        }
        return doomed;
    }

    private Doomed doomed(List<Snapshot> newestFirst, StoredCopies.Known known, Instant now) {
        var own = folder(newestFirst).filter(known::isAllOf);
        if (rules.isEmpty() || own.isEmpty()) {
            return new Doomed(newestFirst, known, now, List.of(), 0);
        }
        var there = there(newestFirst, own.get(), known).values();
        var decision = rules.get().decide(there, now, passed(now));
        if (!decision.jumped()) {
            passed = there.stream()
                    .map(Snapshot::createdAt)
                    .filter(at -> !at.isAfter(now))
                    .max(Instant::compareTo)
                    .orElse(Instant.EPOCH);
        }
        var names = decision.removed().stream().map(Snapshot::name).toList();
        return new Doomed(newestFirst, known, now, names, decision.putOff());
    }

    /** One in the future is of a clock that was wrong. */
    private Instant passed(Instant now) {
        return passed.isAfter(now) ? Instant.EPOCH : passed;
    }

    /** Whether the rules are known not to keep a copy of {@code snapshot}, if it were there. */
    boolean wouldRemove(Snapshot snapshot, List<Snapshot> newestFirst) {
        var known = stored.known();
        var own = folder(newestFirst);
        return rules.isPresent()
                && own.filter(known::isAllOf).isPresent()
                && !kept(there(newestFirst, own.get(), known), Stream.of(snapshot), clock.instant())
                        .contains(snapshot.name());
    }

    static Set<SnapshotName> names(Collection<Snapshot> snapshots) {
        return snapshots.stream().map(Snapshot::name).collect(Collectors.toSet());
    }
}
