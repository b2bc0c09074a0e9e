package dev.otherix.backup.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The tasks of this process: all that have not ended, and of the others as many as fit into the last {@value #KEPT}. */
public final class TaskList {

    static final int KEPT = 200;

    private final Deque<Task> newestFirst = new ArrayDeque<>();

    synchronized void add(Task task) {
        newestFirst.addFirst(task);
        for (var oldest = newestFirst.descendingIterator(); newestFirst.size() > KEPT && oldest.hasNext();) {
            if (oldest.next().state().finishedAt() != null) {
                oldest.remove();
            }
        }
    }

    /** All tasks, newest first. */
    public synchronized List<Task> all() {
        return new ArrayList<>(newestFirst);
    }

    /** The task of this id, unless it is of an earlier process or too long ago. */
    public synchronized Optional<Task> find(String id) {
        return newestFirst.stream().filter(task -> task.id().equals(id)).findFirst();
    }
}
