package dev.otherix.backup.drill;

import dev.otherix.backup.restore.DrillSource;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A snapshot of the directory. For one drill. */
final class LocalSubject implements Subject {

    private final SnapshotName name;
    private final boolean scheduled;
    private final SnapshotDirectory directory;
    private final DrillSchedule schedule;
    private boolean counts;

    LocalSubject(SnapshotName name, boolean scheduled, SnapshotDirectory directory, DrillSchedule schedule) {
        this.name = name;
        this.scheduled = scheduled;
        this.counts = scheduled;
        this.directory = directory;
        this.schedule = schedule;
    }

    @Override
    public Optional<SnapshotName> name() {
        return Optional.of(name);
    }

    @Override
    public String words() {
        return name.toString();
    }

    @Override
    public void begins() {
        if (scheduled) {
            schedule.begins();
        } else {
            counts = directory
                    .latest()
                    .filter(newest -> newest.name().equals(name))
                    .isPresent();
        }
    }

    @Override
    public DrillSource source(Progress progress) {
        return new DrillSource.Here(directory.path().resolve(name.toString()));
    }

    @Override
    public @Nullable String detail(Drilled.Outcome how, @Nullable String detail) {
        return detail;
    }

    @Override
    public void skipped(String reason, boolean ended) {
        if (counts) {
            schedule.skipped(reason, ended);
        }
    }

    @Override
    public Optional<Snapshot> ended(Drilled result) {
        schedule.ended(notes -> scheduled
                ? notes.withScheduled(name, result)
                : counts ? notes.with(name, result) : notes.withOther(name, result));
        return directory.note(name, result);
    }

    @Override
    public String notPossible() {
        return "It is tried again";
    }
}
