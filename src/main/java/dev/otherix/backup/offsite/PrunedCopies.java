package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.util.List;

/** Gets the copies that retention removed from a target. */
@FunctionalInterface
public interface PrunedCopies {

    void removed(Target target, List<SnapshotName> copies);
}
