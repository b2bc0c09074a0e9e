package dev.otherix.backup.drill;

import dev.otherix.backup.restore.DrillSource;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A snapshot of the directory. */
final class LocalSubject implements Subject {

    private final SnapshotName name;
    private final boolean scheduled;
    private final SnapshotDirectory directory;
    private final DrillSchedule schedule;

    LocalSubject(SnapshotName name, boolean scheduled, SnapshotDirectory directory, DrillSchedule schedule) {
        this.name = name;
        this.scheduled = scheduled;
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
    public Optional<Snapshot> ended(Drilled result) {
        schedule.ended(notes -> scheduled ? notes.withScheduled(result) : notes.with(result));
        return directory.note(name, result);
    }

    @Override
    public String notPossible() {
        return "It is tried again";
    }
}
