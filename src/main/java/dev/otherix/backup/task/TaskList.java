package dev.otherix.backup.task;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The tasks of this process: all that have not ended, and the ended ones among the last {@value #KEPT}. */
public final class TaskList {

    static final int KEPT = 200;

    private final Deque<Task<?>> newestFirst = new ArrayDeque<>();

    /** Adds a task. */
    public synchronized void add(Task<?> task) {
        newestFirst.addFirst(task);
        var oldest = newestFirst.descendingIterator();
        while (newestFirst.size() > KEPT && oldest.hasNext()) {
            if (oldest.next().state() instanceof Task.Ended<?>) {
                oldest.remove();
            }
        }
    }

    /** All tasks, newest first. */
    public synchronized List<Task<?>> all() {
        return new ArrayList<>(newestFirst);
    }

    /** The task with this id; empty if it is from an earlier process or too old. */
    public synchronized Optional<Task<?>> find(String id) {
        for (var task : newestFirst) {
            if (task.id().equals(id)) {
                return Optional.of(task);
            }
        }
        return Optional.empty();
    }
}
