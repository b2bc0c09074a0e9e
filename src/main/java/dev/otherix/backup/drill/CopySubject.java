package dev.otherix.backup.drill;

import dev.otherix.backup.offsite.CopyRefused;
import dev.otherix.backup.offsite.PlainCopies;
import dev.otherix.backup.offsite.PlainCopy;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.restore.DrillFailure;
import dev.otherix.backup.restore.DrillSource;
import dev.otherix.backup.restore.NotFetched;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest copy, which the drill fetches first, and proves as {@code offsite fetch} does. For one drill. */
final class CopySubject implements Subject {

    private final PlainCopies copies;
    private final SnapshotDirectory directory;
    private final DrillSchedule schedule;
    private final Clock clock;
    private @Nullable PlainCopy copy;
    private @Nullable Snapshot fetched;

    CopySubject(PlainCopies copies, SnapshotDirectory directory, DrillSchedule schedule, Clock clock) {
        this.copies = copies;
        this.directory = directory;
        this.schedule = schedule;
        this.clock = clock;
    }

    /** A request is for the file that is here. */
    @Override
    public Optional<SnapshotName> name() {
        return Optional.empty();
    }

    @Override
    public String words() {
        return copy == null
                ? "the newest copy"
                : "the copy of " + copy.name() + " in " + copy.target().word();
    }

    @Override
    public void begins() {
        schedule.begins();
    }

    @Override
    public DrillSource source(Progress progress) {
        return new Fetch(progress);
    }

    private final class Fetch implements DrillSource.Fetched {

        private final Progress progress;

        Fetch(Progress progress) {
            this.progress = progress;
        }

        @Override
        public long find() {
            try {
                copy = copies.newest(directory.list(), schedule.lastCopy().orElse(null))
                        .orElseThrow(() -> new NotFetched("there is no proven copy yet", null));
                return copy.sizeBytes();
            } catch (StoreFailure failure) {
                throw notHad(failure);
            }
        }

        @Override
        public void fetch(Path file) throws IOException {
            try {
                progress.enter("fetch");
                progress.expect(found().sizeBytes());
                found().fetch(file, progress::reached);
                progress.enter("verify");
                progress.reached(0);
                fetched = found().proven(file, clock.instant(), progress::reached);
            } catch (StoreFailure failure) {
                throw notHad(failure);
            } catch (UncheckedIOException cutOff) {
                throw notHad(cutOff);
            } catch (CopyRefused different) {
                throw new DrillFailure(different.getMessage() + ". " + different.fix());
            }
        }
    }

    private static NotFetched notHad(RuntimeException failure) {
        return new NotFetched("it cannot be fetched: " + failure.getMessage(), failure);
    }

    private PlainCopy found() {
        return Objects.requireNonNull(copy, "it is found before anything else");
    }

    @Override
    public String detail(Drilled.Outcome how, @Nullable String detail) {
        return "the copy in " + found().target().word() + " was drilled"
                + (how == Drilled.Outcome.FAILED ? ", " + found().key() : "")
                + (detail == null ? "" : ": " + detail);
    }

    @Override
    public void skipped(String reason, boolean ended) {
        schedule.skipped(words() + ": " + reason, ended);
    }

    /** A result for the file that is here too, if that is still the same. */
    @Override
    public Optional<Snapshot> ended(Drilled result) {
        var one = found();
        schedule.ended(notes -> notes.withCopy(one.name(), result, one.target()));
        return directory
                .find(one.name())
                .filter(one::isOf)
                .flatMap(here -> directory.note(here.name(), result))
                .or(() -> Optional.ofNullable(fetched).map(record -> record.with(result)));
    }

    @Override
    public String notPossible() {
        schedule.missesCopy();
        return "The next drill takes a snapshot of workers.backup.dir instead, and the one after it the copy";
    }
}
