package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import org.springframework.http.HttpHeaders;

/** The message for a plain HTTP error, of which only the status is known. */
final class HttpProblem {

    private HttpProblem() {}

    static Problem of(int status, HttpHeaders headers) {
        return switch (status) {
            case 404 -> ErrorCode.NOT_FOUND.problem("there is nothing at this path; see /v1/openapi.json");
            case 405 ->
                ErrorCode.METHOD_NOT_ALLOWED.problem(
                        "this path does not take this method; it takes " + allowed(headers));
            case 406 ->
                ErrorCode.VALIDATION_FAILED.problem("this path answers in none of the media types that Accept names");
            case 413 -> ErrorCode.VALIDATION_FAILED.problem("the body is too large");
            case 415 ->
                ErrorCode.VALIDATION_FAILED.problem("the body must be JSON: send Content-Type: application/json");
            default ->
                status >= 500
                        ? internal()
                        : ErrorCode.VALIDATION_FAILED.problem("the request is not valid HTTP for this path");
        };
    }

    static Problem internal() {
        return ErrorCode.INTERNAL.problem(
                "the request failed for an unexpected reason; find it in the log by the X-Request-ID");
    }

    private static String allowed(HttpHeaders headers) {
        var allow = headers.getFirst(HttpHeaders.ALLOW);
        return allow == null ? "others" : allow;
    }
}
