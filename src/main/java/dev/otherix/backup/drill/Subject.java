package dev.otherix.backup.drill;

import dev.otherix.backup.restore.DrillSource;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one drill tries, and where its result goes. */
interface Subject {

    /** The snapshot whose requests it serves; empty if it serves none. */
    Optional<SnapshotName> name();

    /** What messages call it. */
    String words();

    /** Its turn has come. */
    void begins();

    DrillSource source(Progress progress);

    /** What is said with its result. @param detail of the drill itself; null if there is none */
    @Nullable
    String detail(Drilled.Outcome how, @Nullable String detail);

    /** It has no result. @param ended whether something ended it; else it was not possible */
    void skipped(String reason, boolean ended);

    /** Records the result. @return its record with the result; empty if it has none any more */
    Optional<Snapshot> ended(Drilled result);

    /** It is not possible now. @return what comes instead, as a sentence */
    String notPossible();
}
