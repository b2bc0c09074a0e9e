package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link StateFile} holds.
 *
 * @param lastRun how the last run ended
 * @param noted the marks since the newest record
 * @param uploads the uploads of off-site copies that have begun and may not have ended
 * @param copying since when copies go to each target
 */
public record Remembered(
        @Nullable LastRun lastRun, @Nullable NotedMarks noted, List<OpenUpload> uploads, List<CopyingSince> copying) {

    public static final Remembered NOTHING = new Remembered(null, null, List.of(), List.of());

    public Remembered {
        uploads = List.copyOf(uploads);
        copying = List.copyOf(copying);
    }

    /** Without how a run ended. */
    public Remembered withoutRun() {
        return new Remembered(null, noted, uploads, copying);
    }

    /** Only what belongs to copies. */
    public Remembered ofCopies() {
        return new Remembered(null, null, uploads, copying);
    }

    public Remembered with(LastRun run) {
        return new Remembered(run, noted, uploads, copying);
    }

    public Remembered with(NotedMarks marks) {
        return new Remembered(lastRun, marks, uploads, copying);
    }

    public Remembered with(OpenUpload upload) {
        var all = Stream.concat(without(upload).uploads.stream(), Stream.of(upload));
        return new Remembered(lastRun, noted, all.toList(), copying);
    }

    public Remembered without(OpenUpload upload) {
        var others = uploads.stream().filter(other -> !other.equals(upload));
        return new Remembered(lastRun, noted, others.toList(), copying);
    }

    /** The same, where copies go to these targets alone, to a new one since {@code now}. */
    public Remembered copyingTo(Collection<Target> targets, Instant now) {
        var all = targets.stream()
                .sorted()
                .map(target -> new CopyingSince(target, copyingSince(target).orElse(now)));
        return new Remembered(lastRun, noted, uploads, all.toList());
    }

    /** Since when copies go to {@code target}. */
    public Optional<Instant> copyingSince(Target target) {
        return copying.stream()
                .filter(since -> since.target() == target)
                .map(CopyingSince::since)
                .findFirst();
    }
}
