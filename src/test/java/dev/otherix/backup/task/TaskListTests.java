package dev.otherix.backup.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TaskListTests {

    private static final Instant NOW = Instant.parse("2026-06-06T12:00:00Z");
    private static final TaskFailure FAILURE = new TaskFailure(TaskFailure.Code.ETCD_FAILED, "no answer");

    private final TaskList tasks = new TaskList();

    private Task<String> add() {
        var task = new Task<String>("snapshot.create", NOW, new Progress(), null, String::toString);
        tasks.add(task);
        return task;
    }

    private Task<String> addEnded() {
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
