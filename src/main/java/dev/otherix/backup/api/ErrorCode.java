package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.task.TaskFailure;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** The codes that a caller acts on: otherix's own codes, and those of a failed run, each with its usual status. */
enum ErrorCode {
    VALIDATION_FAILED(HttpStatus.BAD_REQUEST),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED),
    PERMISSION_DENIED(HttpStatus.FORBIDDEN),
    NOT_FOUND(HttpStatus.NOT_FOUND),
    METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED),
    CONFLICT(HttpStatus.CONFLICT),
    RESOURCE_IN_USE(HttpStatus.CONFLICT),
    RATE_LIMITED(HttpStatus.TOO_MANY_REQUESTS),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR),
    VERIFICATION_FAILED(HttpStatus.INTERNAL_SERVER_ERROR),
    DRILL_FAILED(HttpStatus.INTERNAL_SERVER_ERROR),
    ETCD_FAILED(HttpStatus.BAD_GATEWAY),
    OFFSITE_FAILED(HttpStatus.BAD_GATEWAY),
    NO_QUORUM(HttpStatus.SERVICE_UNAVAILABLE),
    DRILL_REFUSED(HttpStatus.SERVICE_UNAVAILABLE),
    REQUEST_TIMEOUT(HttpStatus.SERVICE_UNAVAILABLE),
    SHUTTING_DOWN(HttpStatus.SERVICE_UNAVAILABLE),
    DIRECTORY_FAILED(HttpStatus.INSUFFICIENT_STORAGE);

    private final HttpStatus status;

    ErrorCode(HttpStatus status) {
        this.status = status;
    }

    static ErrorCode of(TaskFailure.Code code) {
        return switch (code) {
            case ETCD_FAILED -> ETCD_FAILED;
            case DIRECTORY_FAILED -> DIRECTORY_FAILED;
            case VERIFICATION_FAILED -> VERIFICATION_FAILED;
            case OFFSITE_FAILED -> OFFSITE_FAILED;
            case DRILL_FAILED -> DRILL_FAILED;
            case DRILL_REFUSED -> DRILL_REFUSED;
            case NOT_FOUND -> NOT_FOUND;
            case NO_QUORUM -> NO_QUORUM;
            case SHUTTING_DOWN -> SHUTTING_DOWN;
            case INTERNAL -> INTERNAL;
        };
    }

    HttpStatus status() {
        return status;
    }

    /** The word in the envelope. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Problem problem(String message) {
        return problem(message, Map.of());
    }

    Problem problem(String message, Map<String, Object> details) {
        return new Problem(word(), message, details);
    }

    static Problem problem(TaskFailure failure) {
        return problem(of(failure.code()).word(), failure.message(), failure.details());
    }

    static Problem problem(LastRun.Failure failure) {
        return problem(failure.code(), failure.message(), failure.details());
    }

    private static Problem problem(String code, String message, Map<String, Object> details) {
        // an unexpected error is in the log, and may hold anything
        return new Problem(
                code,
                code.equals(INTERNAL.word()) ? "the run failed for an unexpected reason; see the log" : message,
                details);
    }

    static Problem problem(DirectoryFailure failure) {
        Map<String, Object> details =
                failure.missingBytes() > 0 ? Map.of("missing_bytes", failure.missingBytes()) : Map.of();
        return DIRECTORY_FAILED.problem(failure.problem(), details);
    }
}
