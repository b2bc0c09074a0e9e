package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.task.TaskFailure;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** A request that gets an error as its answer. Carries the whole answer, so it has no stack trace. */
final class ApiFailure extends RuntimeException {

    private final HttpStatus status;
    private final transient Problem problem;

    ApiFailure(HttpStatus status, Problem problem) {
        super(problem.message(), null, false, false);
        this.status = status;
        this.problem = problem;
    }

    ApiFailure(ErrorCode code, String message, Map<String, Object> details) {
        this(code.status(), code.problem(message, details));
    }

    ApiFailure(ErrorCode code, String message) {
        this(code, message, Map.of());
    }

    static ApiFailure invalid(String field, String problem) {
        return new ApiFailure(ErrorCode.VALIDATION_FAILED, field + " " + problem, Map.of("field", field));
    }

    static ApiFailure of(TaskFailure failure) {
        return new ApiFailure(ErrorCode.of(failure.code()).status(), ErrorCode.problem(failure));
    }

    static ApiFailure of(DirectoryFailure failure) {
        return new ApiFailure(ErrorCode.DIRECTORY_FAILED.status(), ErrorCode.problem(failure));
    }

    HttpStatus status() {
        return status;
    }

    Problem problem() {
        return problem;
    }
}
