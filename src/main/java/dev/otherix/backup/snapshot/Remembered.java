package dev.otherix.backup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What the {@link StateFile} holds.
 *
 * @param lastRun how the last run ended
 * @param noted the marks since the newest record
 */
public record Remembered(
        @Nullable LastRun lastRun, @Nullable NotedMarks noted) {

    public static final Remembered NOTHING = new Remembered(null, null);

    public Remembered with(LastRun run) {
        return new Remembered(run, noted);
    }

    public Remembered with(NotedMarks marks) {
        return new Remembered(lastRun, marks);
    }
}
