package dev.otherix.backup.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskTests {

    private static final Instant CREATED = Instant.parse("2026-06-06T03:15:00Z");
    private static final Instant STARTED = CREATED.plusSeconds(1);
    private static final Instant FINISHED = CREATED.plusSeconds(2);
    private static final TaskFailure FAILURE = new TaskFailure(TaskFailure.Code.ETCD_FAILED, "on purpose");

    private final Task<Integer> task =
            new Task<>("number.find", CREATED, new Progress(), null, number -> "number " + number);

    @Test
    void beforeItsWorkHasBegunItIsPendingAndAboutNothingKnown() {
        assertThat(task.state()).isInstanceOf(Task.Pending.class);
        assertThat(task.subject()).isEmpty();
        assertThat(task.ended()).isNotDone();
    }

    @Test
    void aSuccessHasItsTimesAndItsResultAndNamesWhatItIsAbout() {
        task.start(STARTED);
        task.succeed(FINISHED, 7);

        assertThat(task.state()).isEqualTo(new Task.Succeeded<>(STARTED, FINISHED, 7));
        assertThat(task.ended()).isCompletedWithValue(new Task.Succeeded<>(STARTED, FINISHED, 7));
        assertThat(task.subject()).contains("number 7");
    }

    @Test
    void aTaskThatNeverBeganFailsWithoutAStart() {
        task.fail(FINISHED, FAILURE);

        assertThat(task.state()).isEqualTo(new Task.Failed<Integer>(Optional.empty(), FINISHED, FAILURE));
    }

    @Test
    void theFirstEndCounts() {
        task.start(STARTED);
        task.fail(FINISHED, FAILURE);
        task.succeed(FINISHED.plusSeconds(1), 7);
        task.start(FINISHED.plusSeconds(2));

        assertThat(task.state()).isEqualTo(new Task.Failed<Integer>(Optional.of(STARTED), FINISHED, FAILURE));
        assertThat(task.ended()).isCompletedWithValue(new Task.Failed<>(Optional.of(STARTED), FINISHED, FAILURE));
    }

    @Test
    void aSubjectThatIsThereAlreadyIsNamedFromTheStart() {
        var check =
                new Task<Integer>("number.check", CREATED, new Progress(), "number 3", number -> "number " + number);

        assertThat(check.subject()).contains("number 3");
    }
}
