package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.NotCopied.Why;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.TaskFailure;
import java.util.Map;

/** What a caller is told of a copy that was not made. */
final class CopyFailures {

    static final TaskFailure STOPPING =
            new TaskFailure(TaskFailure.Code.SHUTTING_DOWN, "the service is stopping; the copy did not end");

    private CopyFailures() {}

    static TaskFailure at(Target target, Throwable cause) {
        return switch (cause) {
            case NotCopied because
            when because.why() == Why.NO_SNAPSHOT -> offsite(target, TaskFailure.Code.NOT_FOUND, cause);
            case NotCopied _, StoreFailure _ -> offsite(target, TaskFailure.Code.OFFSITE_FAILED, cause);
            case DirectoryFailure local ->
                new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, local.problem(), Map.of(), cause);
            default -> TaskFailure.unforeseen(cause);
        };
    }

    private static TaskFailure offsite(Target target, TaskFailure.Code code, Throwable cause) {
        return new TaskFailure(code, String.valueOf(cause.getMessage()), Map.of("target", target.word()), cause);
    }
}
