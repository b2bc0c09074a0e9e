package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which snapshots are not copied to a target because its rules would remove them at once. For use by any thread. */
final class Superfluous {

    private final Map<Target, Set<SnapshotName>> names = new ConcurrentHashMap<>();

    void set(Target target, Set<SnapshotName> superfluous) {
        names.put(target, Set.copyOf(superfluous));
    }

    boolean has(Target target, SnapshotName name) {
        return names.getOrDefault(target, Set.of()).contains(name);
    }
}
