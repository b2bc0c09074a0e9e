package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link StateFile} holds.
 *
 * @param lastRun how the last run ended
 * @param noted the marks since the newest record
 * @param uploads the uploads of off-site copies that have begun and may not have ended
 * @param copying since when copies go to each target
 * @param heartbeat the newest snapshot for which a heartbeat was delivered; null if there was none
 * @param drills what is remembered of drills
 */
public record Remembered(
        @Nullable LastRun lastRun,
        @Nullable NotedMarks noted,
        List<OpenUpload> uploads,
        List<CopyingSince> copying,
        @Nullable SnapshotName heartbeat,
        DrillNotes drills) {

    public static final Remembered NOTHING = new Remembered(null, null, List.of(), List.of(), null, DrillNotes.NOTHING);

    public Remembered {
        uploads = List.copyOf(uploads);
        copying = List.copyOf(copying);
    }

    /** Without how a run ended. */
    public Remembered withoutRun() {
        return new Remembered(null, noted, uploads, copying, heartbeat, drills);
    }

    /** Only what belongs to copies. */
    public Remembered ofCopies() {
        return new Remembered(null, null, uploads, copying, heartbeat, DrillNotes.NOTHING);
    }

    public Remembered with(LastRun run) {
        return new Remembered(run, noted, uploads, copying, heartbeat, drills);
    }

    public Remembered with(NotedMarks marks) {
        return new Remembered(lastRun, marks, uploads, copying, heartbeat, drills);
    }

    /** The same, after the heartbeat for {@code snapshot}. */
    public Remembered with(SnapshotName snapshot) {
        return new Remembered(lastRun, noted, uploads, copying, snapshot, drills);
    }

    public Remembered with(OpenUpload upload) {
        var all = Stream.concat(without(upload).uploads.stream(), Stream.of(upload));
        return new Remembered(lastRun, noted, all.toList(), copying, heartbeat, drills);
    }

    public Remembered without(OpenUpload upload) {
        var others = uploads.stream().filter(other -> !other.equals(upload));
        return new Remembered(lastRun, noted, others.toList(), copying, heartbeat, drills);
    }

    /** The same, where copies go to these targets alone, to a new one since {@code now}. */
    public Remembered copyingTo(Collection<Target> targets, Instant now) {
        var all = targets.stream()
                .sorted()
                .map(target -> new CopyingSince(target, copyingSince(target).orElse(now)));
        return new Remembered(lastRun, noted, uploads, all.toList(), heartbeat, drills);
    }

    /** The same, with other notes of drills. */
    public Remembered drills(UnaryOperator<DrillNotes> change) {
        return new Remembered(lastRun, noted, uploads, copying, heartbeat, change.apply(drills));
    }

    /** Since when copies go to {@code target}. */
    public Optional<Instant> copyingSince(Target target) {
        return copying.stream()
                .filter(since -> since.target() == target)
                .map(CopyingSince::since)
                .findFirst();
    }
}
