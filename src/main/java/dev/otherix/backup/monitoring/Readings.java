package dev.otherix.backup.monitoring;

import dev.otherix.backup.job.BackupStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state that gauges show. All gauges of one scrape share one reading of the directory, and if it cannot be read
 * they keep the last known files: an unmounted volume does not turn the age of the last success into "never".
 */
final class Readings {

    /** Longer than a scrape takes, shorter than anybody waits between two. */
    private static final Duration SHARED_FOR = Duration.ofMillis(250);

    private final Supplier<BackupStatus> look;
    private final Clock clock;
    private @Nullable BackupStatus last;
    private Instant readAt = Instant.MIN;

    Readings(Supplier<BackupStatus> look, Clock clock) {
        this.look = look;
        this.clock = clock;
    }

    synchronized BackupStatus now() {
        var before = last;
        var now = clock.instant();
        // if the clock was set back, a reading is old too
        if (before != null && !now.isBefore(readAt) && now.isBefore(readAt.plus(SHARED_FOR))) {
            return before;
        }
        var fresh = look.get();
        last = before == null ? fresh : fresh.orFilesOf(before);
        // from its end: a look at a disk that does not answer takes longer than it is shared for
        readAt = clock.instant();
        return last;
    }

    /** Makes the next call read again. */
    synchronized void expire() {
        readAt = Instant.MIN;
    }
}
