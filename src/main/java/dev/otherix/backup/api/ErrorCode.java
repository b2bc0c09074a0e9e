package dev.otherix.backup.api;

import dev.otherix.backup.task.TaskFailure;
import java.util.Locale;
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
    ETCD_FAILED(HttpStatus.BAD_GATEWAY),
    NO_QUORUM(HttpStatus.SERVICE_UNAVAILABLE),
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
}
