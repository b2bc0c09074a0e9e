package dev.otherix.backup.api;

import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The long work of this process, running and ended. */
@RestController
@RequestMapping(path = "/v1/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
final class TasksController {

    private final TaskList tasks;

    TasksController(TaskList tasks) {
        this.tasks = tasks;
    }

    @GetMapping
    Page<TaskView> list(
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        var query = PageQuery.of(limit, cursor, TasksController::id);
        var page = query.page(after(tasks.all(), query.after()), Task::id);
        return new Page<>(page.data().stream().map(TaskView::of).toList(), page.meta());
    }

    @GetMapping("/{id}")
    TaskView get(@PathVariable String id) {
        return tasks.find(id)
                .map(TaskView::of)
                .orElseThrow(() -> new ApiFailure(
                        ErrorCode.NOT_FOUND,
                        "there is no task with this id; a restart forgets all tasks, and only the last 200 "
                                + "are kept"));
    }

    /** The task that the cursor names may be forgotten by now; then the tasks after it are forgotten too. */
    private static List<Task<?>> after(List<Task<?>> newestFirst, Optional<String> id) {
        if (id.isEmpty()) {
            return newestFirst;
        }
        return newestFirst.stream()
                .dropWhile(task -> !task.id().equals(id.get()))
                .skip(1)
                .toList();
    }

    private static Optional<String> id(String text) {
        try {
            return Optional.of(UUID.fromString(text).toString());
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }
}
