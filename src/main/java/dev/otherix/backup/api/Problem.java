package dev.otherix.backup.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.task.TaskFailure;
import java.util.Map;

/**
 * A failure, as the envelope, a task and the status show it.
 *
 * @param code one of {@link ErrorCode}'s words
 * @param message for a person: what happened and what to do
 * @param details values behind the message; left out when there are none
 */
record Problem(
        String code,
        String message,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Object> details) {

    Problem {
        details = Map.copyOf(details);
    }

    static Problem of(ErrorCode code, String message) {
        return new Problem(code.word(), message, Map.of());
    }

    static Problem of(TaskFailure failure) {
        return of(ErrorCode.of(failure.code()).word(), failure.message(), failure.details());
    }

    static Problem of(LastRun.Failure failure) {
        return of(failure.code(), failure.message(), failure.details());
    }

    private static Problem of(String code, String message, Map<String, Object> details) {
        // an unexpected error is in the log, and may hold anything
        return new Problem(
                code,
                code.equals(ErrorCode.INTERNAL.word())
                        ? "the run failed for an unexpected reason; see the log"
                        : message,
                details);
    }

    static Problem of(DirectoryFailure failure) {
        Map<String, Object> details =
                failure.missingBytes() > 0 ? Map.of("missing_bytes", failure.missingBytes()) : Map.of();
        return new Problem(ErrorCode.DIRECTORY_FAILED.word(), String.valueOf(failure.getMessage()), details);
    }

    /** The error envelope. */
    record Envelope(Problem error) {}
}
