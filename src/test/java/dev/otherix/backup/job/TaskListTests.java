package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskListTests {

    private static final Instant NOW = Instant.parse("2026-06-06T12:00:00Z");
    private static final RunFailure FAILURE = new RunFailure(RunFailure.Code.ETCD_FAILED, "no answer", Map.of(), null);

    private final TaskList tasks = new TaskList();

    private Task add() {
        var task = new Task(Task.Type.SNAPSHOT_CREATE, NOW, new RunProgress());
        tasks.add(task);
        return task;
    }

    private Task addEnded() {
        var task = add();
        task.fail(NOW, FAILURE);
        return task;
    }

    @Test
    void theNewestComesFirst() {
        var first = add();
        var second = add();
        assertThat(tasks.all()).containsExactly(second, first);
    }

    @Test
    void theLastTwoHundredAreKept() {
        var oldest = addEnded();
        for (int i = 0; i < 199; i++) {
            addEnded();
        }
        assertThat(tasks.find(oldest.id())).contains(oldest);

        addEnded();

        assertThat(tasks.find(oldest.id())).isEmpty();
        assertThat(tasks.all()).hasSize(200);
    }

    @Test
    void aTaskThatHasNotEndedIsNeverDropped() {
        var running = add();
        for (int i = 0; i < 300; i++) {
            addEnded();
        }
        assertThat(tasks.find(running.id())).contains(running);
        assertThat(tasks.all()).hasSize(200);
    }

    @Test
    void moreThanTwoHundredThatHaveNotEndedAreAllKept() {
        for (int i = 0; i < 250; i++) {
            add();
        }
        assertThat(tasks.all()).hasSize(250);
    }
}
