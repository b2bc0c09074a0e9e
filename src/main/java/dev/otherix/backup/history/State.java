package dev.otherix.backup.history;

import dev.otherix.backup.snapshot.Mark;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A state that a file holds.
 *
 * @param revision its revision
 * @param mark the mark that turned a time into this revision, null where the revision was named
 * @param distance from that mark to the time that was named
 */
public record State(long revision, @Nullable Mark mark, Duration distance) {

    /** One whose revision was named. */
    public State(long revision) {
        this(revision, null, Duration.ZERO);
    }
}
