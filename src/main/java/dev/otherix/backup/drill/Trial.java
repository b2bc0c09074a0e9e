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

/** Drills in the directory of the snapshots, and records, counts and logs what came of it. */
final class Trial {

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    private static final double MILLIS = 1000;

    private final DrillProperties settings;
    private final SnapshotDirectory directory;
    private final Turns turns;
    private final Clock clock;
    private final DrillTally tally = new DrillTally();
    private final LoggedReason logged = new LoggedReason();

    Trial(DrillProperties settings, SnapshotDirectory directory, Turns turns, Clock clock) {
        this.settings = settings;
        this.directory = directory;
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
    Snapshot of(Subject subject, Progress progress, Ending ending) {
        progress.enter("wait");
        ending.waits();
        try (var _ = turns.drill(settings.etcd() != null, () -> ending.end("a run"))) {
            ending.waitsNoMore();
            subject.begins();
            return ended(subject, outcome(subject, progress, ending), ending);
        } catch (InterruptedException ended) {
            throw endedEarly(subject, "a run began while it waited for the end of an upload");
        } catch (DirectoryFailure failure) {
            throw unreadable(subject, failure.problem(), failure);
        } catch (NoSuchFileException gone) {
            throw gone(subject, gone);
        } catch (IOException failure) {
            throw unreadable(subject, DirectoryFailure.words(failure), failure);
        }
    }

    private DrillOutcome outcome(Subject subject, Progress progress, Ending ending) throws IOException {
        var drill = new Drill(
                new SnapshotVerifier(),
                new DrillOrder(
                        subject.source(progress),
                        directory.path(),
                        Optional.ofNullable(settings.etcd()),
                        directory.space().reserveBytes(),
                        DrillOrder.Words.SETTINGS));
        ending.of(drill);
        return drill.run(new DrillPhases(progress));
    }

    private Snapshot ended(Subject subject, DrillOutcome outcome, Ending ending) {
        return switch (outcome) {
            case DrillOutcome.Passed passed -> {
                var notes = passed.notes().isEmpty() ? null : String.join("; ", passed.notes());
                var result = result(subject, passed, Drilled.Outcome.PASSED, notes);
                LOG.info(
                        "the drill of {} passed in {} s: it was restored and verified{}{}",
                        subject.words(),
                        result.seconds(),
                        passed.etcdVersion()
                                .map(version -> ", and etcd " + version + " served it")
                                .orElse(""),
                        notes == null ? "" : "; " + notes);
                yield recorded(subject, result).orElseThrow(() -> gone(subject, null));
            }
            case DrillOutcome.Failed failed -> {
                LOG.error("the drill of {} failed: {}", subject.words(), failed.detail());
                var _ = recorded(subject, result(subject, failed, Drilled.Outcome.FAILED, failed.detail()));
                throw new NoResult(new TaskFailure(
                        Code.DRILL_FAILED, "the drill of " + subject.words() + " failed: " + failed.detail()));
            }
            case DrillOutcome.Skipped skipped ->
                throw ending.ended() ? endedEarly(subject, skipped.detail()) : notPossible(subject, skipped.detail());
        };
    }

    private Drilled result(Subject subject, DrillOutcome outcome, Drilled.Outcome how, @Nullable String detail) {
        return new Drilled(
                clock.instant(),
                how,
                outcome.took().toMillis() / MILLIS,
                outcome.etcdVersion().orElse(null),
                subject.detail(how, detail));
    }

    private Optional<Snapshot> recorded(Subject subject, Drilled result) {
        logged.forget();
        tally.ended(result.passed(), Duration.ofMillis(Math.round(result.seconds() * MILLIS)));
        try {
            return subject.ended(result);
        } catch (DirectoryFailure failure) {
            var problem = "the drill of " + subject.words() + " "
                    + result.outcome().word() + ", but its record cannot be written: " + failure.problem();
            LOG.warn("{}", problem);
            if (!result.passed()) {
                return Optional.empty();
            }
            throw new NoResult(new TaskFailure(Code.DIRECTORY_FAILED, problem, Map.of(), failure));
        }
    }

    private static NoResult gone(Subject subject, @Nullable Exception cause) {
        return new NoResult(new TaskFailure(
                Code.NOT_FOUND, subject.words() + " was removed, or is not verified any more", Map.of(), cause));
    }

    private NoResult endedEarly(Subject subject, String reason) {
        LOG.info("no drill of {}: {}", subject.words(), reason);
        return skipped(subject, reason, true);
    }

    private NoResult notPossible(Subject subject, String reason) {
        warn(subject, reason);
        return skipped(subject, reason, false);
    }

    private void warn(Subject subject, String reason) {
        var next = subject.notPossible();
        if (logged.isDue(reason, clock.instant())) {
            LOG.warn("no drill of {}: {} {}", subject.words(), sentence(reason), next);
        } else {
            LOG.debug("no drill of {}: {}", subject.words(), reason);
        }
    }

    private NoResult skipped(Subject subject, String reason, boolean ended) {
        tally.skipped();
        subject.skipped(reason, ended);
        return new NoResult(new TaskFailure(
                Code.DRILL_REFUSED,
                "no drill of " + subject.words() + ": " + sentence(reason) + " This says nothing about the snapshot"));
    }

    private static String sentence(String reason) {
        return reason.endsWith(".") ? reason : reason + ".";
    }

    private NoResult unreadable(Subject subject, String problem, Exception cause) {
        warn(subject, problem);
        tally.skipped();
        subject.skipped(problem, false);
        return new NoResult(new TaskFailure(
                Code.DIRECTORY_FAILED, subject.words() + " cannot be drilled: " + problem, Map.of(), cause));
    }
}
