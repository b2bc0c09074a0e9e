package dev.otherix.backup.snapshot;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link StateFile} holds.
 *
 * @param lastRun how the last run ended
 * @param noted the marks since the newest record
 * @param uploads the uploads of off-site copies that have begun and may not have ended
 */
public record Remembered(
        @Nullable LastRun lastRun, @Nullable NotedMarks noted, List<OpenUpload> uploads) {

    public static final Remembered NOTHING = new Remembered(null, null, List.of());

    public Remembered {
        uploads = List.copyOf(uploads);
    }

    /** Without how a run ended. */
    public Remembered withoutRun() {
        return new Remembered(null, noted, uploads);
    }

    public Remembered with(LastRun run) {
        return new Remembered(run, noted, uploads);
    }

    public Remembered with(NotedMarks marks) {
        return new Remembered(lastRun, marks, uploads);
    }

    public Remembered with(OpenUpload upload) {
        return new Remembered(
                lastRun,
                noted,
                Stream.concat(without(upload).uploads.stream(), Stream.of(upload))
                        .toList());
    }

    public Remembered without(OpenUpload upload) {
        return new Remembered(
                lastRun,
                noted,
                uploads.stream().filter(other -> !other.equals(upload)).toList());
    }
}
