package dev.otherix.backup.drill;

import dev.otherix.backup.history.Refused;
import dev.otherix.backup.restore.Drill;
import dev.otherix.backup.restore.DrillOrder;
import dev.otherix.backup.restore.DrillOutcome;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.TaskFailure.Code;
import dev.otherix.backup.task.Turns;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drills with a snapshot of the directory, in that directory, and records, counts and logs what came of it. */
final class Trial {

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    private static final double MILLIS = 1000;

    private final DrillProperties settings;
    private final SnapshotDirectory directory;
    private final DrillSchedule schedule;
    private final Turns turns;
    private final Clock clock;
    private final DrillTally tally = new DrillTally();
    private String lastReason = "";

    Trial(DrillProperties settings, SnapshotDirectory directory, DrillSchedule schedule, Turns turns, Clock clock) {
        this.settings = settings;
        this.directory = directory;
        this.schedule = schedule;
        this.turns = turns;
        this.clock = clock;
    }

    Clock clock() {
        return clock;
    }

    DiskCalls calls() {
        return directory.calls();
    }

    DrillTally tally() {
        return tally;
    }

    /** Ends and removes what a killed process left. */
    void removeLeft() {
        try {
            if (Drill.removeLeft(directory.path())) {
                LOG.info("removed what an interrupted drill left");
            }
        } catch (Refused notOurs) {
            LOG.warn("{}. {}", notOurs.getMessage(), notOurs.fix());
        } catch (IOException refused) {
            LOG.warn(
                    "what an interrupted drill left in {} cannot be removed: {}; the next drill tries again",
                    directory.path(),
                    DirectoryFailure.words(refused));
        }
    }

    /**
     * Drills.
     *
     * @return its record with the result
     * @throws NoResult if it did not pass
     */
    Snapshot of(SnapshotName name, boolean scheduled, Progress progress, Ending ending) {
        progress.enter("wait");
        ending.waits();
        try (var _ = turns.drill(settings.etcd() != null, () -> ending.end("a run"))) {
            ending.waitsNoMore();
            if (scheduled) {
                schedule.begins();
            }
            return ended(name, outcome(name, progress, ending), ending);
        } catch (InterruptedException ended) {
            throw endedEarly(name, "a run began while it waited for the end of an upload");
        } catch (DirectoryFailure failure) {
            throw unreadable(name, failure.problem(), failure);
        } catch (NoSuchFileException gone) {
            throw new NoResult(new TaskFailure(Code.NOT_FOUND, name + " was removed meanwhile", Map.of(), gone));
        } catch (IOException failure) {
            throw unreadable(name, DirectoryFailure.words(failure), failure);
        }
    }

    private DrillOutcome outcome(SnapshotName name, Progress progress, Ending ending) throws IOException {
        var drill = new Drill(
                new SnapshotVerifier(),
                new DrillOrder(
                        directory.path().resolve(name.toString()),
                        directory.path(),
                        Optional.ofNullable(settings.etcd()),
                        directory.space().reserveBytes(),
                        DrillOrder.Words.SETTINGS));
        ending.of(drill);
        return drill.run(new DrillPhases(progress));
    }

    private Snapshot ended(SnapshotName name, DrillOutcome outcome, Ending ending) {
        return switch (outcome) {
            case DrillOutcome.Passed passed -> {
                var notes = passed.notes().isEmpty() ? null : String.join("; ", passed.notes());
                var result = result(passed, Drilled.Outcome.PASSED, notes);
                LOG.info(
                        "the drill of {} passed in {} s: it was restored and verified{}{}",
                        name,
                        result.seconds(),
                        passed.etcdVersion()
                                .map(version -> ", and etcd " + version + " served it")
                                .orElse(""),
                        notes == null ? "" : "; " + notes);
                yield recorded(name, result);
            }
            case DrillOutcome.Failed failed -> {
                LOG.error("the drill of {} failed: {}", name, failed.detail());
                recorded(name, result(failed, Drilled.Outcome.FAILED, failed.detail()));
                throw new NoResult(
                        new TaskFailure(Code.DRILL_FAILED, "the drill of " + name + " failed: " + failed.detail()));
            }
            case DrillOutcome.Skipped skipped ->
                throw ending.ended() ? endedEarly(name, skipped.detail()) : notPossible(name, skipped.detail());
        };
    }

    private Drilled result(DrillOutcome outcome, Drilled.Outcome how, @Nullable String detail) {
        return new Drilled(
                clock.instant(),
                how,
                outcome.took().toMillis() / MILLIS,
                outcome.etcdVersion().orElse(null),
                detail);
    }

    private Snapshot recorded(SnapshotName name, Drilled result) {
        lastReason = "";
        tally.ended(result.passed(), Duration.ofMillis(Math.round(result.seconds() * MILLIS)));
        schedule.ended(result);
        return directory
                .note(name, result)
                .orElseThrow(() -> new NoResult(
                        new TaskFailure(Code.NOT_FOUND, name + " was removed, or is not verified any more")));
    }

    private NoResult endedEarly(SnapshotName name, String reason) {
        LOG.info("no drill of {}: {}", name, reason);
        return skipped(name, reason);
    }

    private NoResult notPossible(SnapshotName name, String reason) {
        if (reason.equals(lastReason)) {
            LOG.debug("no drill of {}: {}", name, reason);
        } else {
            LOG.warn("no drill of {}: {}. It is tried again", name, reason);
        }
        lastReason = reason;
        return skipped(name, reason);
    }

    private NoResult skipped(SnapshotName name, String reason) {
        tally.skipped();
        return new NoResult(new TaskFailure(
                Code.DRILL_REFUSED, "no drill of " + name + ": " + reason + ". This says nothing about the snapshot"));
    }

    private NoResult unreadable(SnapshotName name, String problem, Exception cause) {
        tally.skipped();
        LOG.warn("no drill of {}: {}", name, problem);
        return new NoResult(
                new TaskFailure(Code.DIRECTORY_FAILED, name + " cannot be drilled: " + problem, Map.of(), cause));
    }
}
