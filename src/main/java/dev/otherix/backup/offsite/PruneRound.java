package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.Removal.By;
import dev.otherix.backup.offsite.Removal.Outcome;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes from the folder of this member what the rules of one target do not keep, and what an earlier removal or
 * upload left there without a record. On the thread of its queue, so that no copy is under way.
 */
final class PruneRound {

    private static final Logger LOG = LoggerFactory.getLogger(PruneRound.class);
    /** More are not named one by one in the log. */
    private static final int FEW = 10;
    /** Removed at a time, so that a new snapshot does not wait for thousands of them. */
    private static final int AT_ONCE = 200;
    /** Before that it may belong to a copy that another process is making. */
    private static final Duration OLD_ENOUGH = Duration.ofDays(1);

    private final TargetParts parts;
    private final OwnRemoval removal;
    private final HeldCopies held;
    private final PrunedCopies listener;

    PruneRound(TargetParts parts, OwnRemoval removal, HeldCopies held, PrunedCopies listener) {
        this.parts = parts;
        this.removal = removal;
        this.held = held;
        this.listener = listener;
    }

    /** What the store does not let go. */
    HeldCopies held() {
        return held;
    }

    /** Whether there is something to remove, as far as it is known. */
    boolean isDue(List<Snapshot> newestFirst, Instant now) {
        held.putOff(parts.choice().putOff(newestFirst));
        held.notTried(held.pauses() ? parts.choice().superfluous(newestFirst).size() : 0);
        return parts.sight().otherWriter().isEmpty()
                && !held.pauses()
                && parts.choice()
                        .folder(newestFirst)
                        .filter(folder ->
                                doomed(folder, newestFirst, now).findAny().isPresent())
                        .isPresent();
    }

    /** Names of copies that the rules do not keep, then those of leftovers. */
    private Stream<SnapshotName> doomed(Folder folder, List<Snapshot> newestFirst, Instant now) {
        return Stream.concat(parts.choice().superfluous(newestFirst).stream(), leftovers(folder, newestFirst, now))
                .filter(name -> !held.holds(name));
    }

    /** Only where rules are given, and never what a local record takes for a copy: a person should see that. */
    private Stream<SnapshotName> leftovers(Folder folder, List<Snapshot> newestFirst, Instant now) {
        if (!parts.choice().removes()) {
            return Stream.empty();
        }
        var copied = CopyChoice.names(newestFirst.stream()
                .filter(snapshot -> snapshot.copy(target())
                        .filter(copy -> copy.state() != Copy.State.REMOVED)
                        .isPresent())
                .toList());
        var waiting = CopyChoice.names(parts.choice().waiting(newestFirst, Set.of()));
        return parts.sight().leftovers(folder, now.minus(OLD_ENOUGH)).stream()
                .filter(name -> !copied.contains(name) && !waiting.contains(name));
    }

    private Target target() {
        return parts.target();
    }

    /** Removes some of it, right after a look. */
    void run(Folder folder, List<Snapshot> newestFirst, Instant now) {
        if (parts.sight().otherWriter().isPresent()) {
            return;
        }
        var superfluous = Set.copyOf(parts.choice().superfluous(newestFirst));
        held.forgetAllBut(Stream.concat(superfluous.stream(), leftovers(folder, newestFirst, now))
                .collect(Collectors.toSet()));
        var removed = new ArrayList<SnapshotName>();
        var kept = new ArrayList<Outcome.Held>();
        try {
            for (var name : doomed(folder, newestFirst, now).limit(AT_ONCE).toList()) {
                if (!held.pauses()) {
                    remove(
                            new Folder.Place(folder, name),
                            superfluous.contains(name) ? removed : new ArrayList<>(),
                            kept);
                }
            }
        } finally {
            parts.sight().count();
            report(removed, kept);
        }
    }

    private void remove(Folder.Place place, List<SnapshotName> removed, List<Outcome.Held> kept) {
        switch (removal.remove(place)) {
            case Outcome.Removed(var left)
            when left == null -> {
                held.settle(place.name());
                removed.add(place.name());
            }
            case Outcome.Removed(var left) -> {
                removed.add(place.name());
                note(place.name(), new Outcome.Held(By.REFUSAL, null, left), kept);
            }
            case Outcome.Held stays -> note(place.name(), stays, kept);
        }
    }

    private void note(SnapshotName name, Outcome.Held stays, List<Outcome.Held> kept) {
        if (held.add(name, stays)) {
            kept.add(stays);
        }
    }

    private void report(List<SnapshotName> removed, List<Outcome.Held> kept) {
        if (!removed.isEmpty()) {
            LOG.info(
                    "removed {} from {} that offsite.retention does not keep: {}",
                    HeldCopies.number(removed.size()),
                    parts.store().place(),
                    removed.size() <= FEW
                            ? removed.stream().map(SnapshotName::toString).collect(Collectors.joining(", "))
                            : removed.getFirst() + " to " + removed.getLast());
            listener.removed(target(), List.copyOf(removed));
        }
        if (!kept.isEmpty()) {
            LOG.info(
                    "{} in {} that offsite.retention does not keep cannot be removed yet: {}",
                    HeldCopies.number(kept.size()),
                    parts.store().place(),
                    kept.getFirst().why());
        }
    }
}
