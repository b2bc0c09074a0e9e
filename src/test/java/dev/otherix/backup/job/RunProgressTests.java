package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.task.Cancelled;
import org.junit.jupiter.api.Test;

class RunProgressTests {

    private final RunProgress progress = new RunProgress();

    @Test
    void eachPhaseIsTimedOnceAndTheLastOneTellsHowTheRunEnded() {
        progress.enter(Phase.BARRIER);
        progress.enter(Phase.STREAM);

        var times = progress.end(false);

        assertThat(times).extracting(BackupRun.PhaseTime::phase).containsExactly(Phase.BARRIER, Phase.STREAM);
        assertThat(times).extracting(BackupRun.PhaseTime::succeeded).containsExactly(true, false);
        assertThat(times).allSatisfy(time -> assertThat(time.duration()).isPositive());
    }

    @Test
    void aRunIsCancelledByAnInterruptBeforeTheCommit() {
        progress.enter(Phase.STREAM);

        progress.cancel();

        assertThat(Thread.interrupted()).isTrue();
        assertThatExceptionOfType(Cancelled.class).isThrownBy(() -> progress.enter(Phase.VERIFY));
    }

    @Test
    void aRunThatGivesItsFileANameIsNotCancelled() {
        progress.enter(Phase.COMMIT);

        progress.cancel();

        assertThat(Thread.interrupted()).isFalse();
        assertThat(progress.cancelled()).isFalse();
        progress.enter(Phase.PRUNE);
        assertThat(progress.shown().phase()).isEqualTo(Phase.PRUNE.word());
    }

    @Test
    void aRunCancelledBeforeItBeganNeverBegins() {
        progress.cancel();

        assertThatExceptionOfType(Cancelled.class).isThrownBy(() -> progress.enter(Phase.BARRIER));
        assertThat(progress.shown().phase()).isNull();
    }

    @Test
    void aRunThatHasEndedIsNotInterruptedAnyMore() {
        progress.enter(Phase.STREAM);
        progress.end(false);

        progress.cancel();

        assertThat(Thread.interrupted()).isFalse();
    }
}
