package dev.otherix.backup.api;

import org.springframework.http.HttpHeaders;

/** The message for a plain HTTP error, of which only the status is known. */
final class HttpProblem {

    private HttpProblem() {}

    static Problem of(int status, HttpHeaders headers) {
        return switch (status) {
            case 404 -> Problem.of(ErrorCode.NOT_FOUND, "there is nothing at this path; see /v1/openapi.json");
            case 405 ->
                Problem.of(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "this path does not take this method; it takes " + allowed(headers));
            case 406 ->
                Problem.of(
                        ErrorCode.VALIDATION_FAILED, "this path answers in none of the media types that Accept names");
            case 413 -> Problem.of(ErrorCode.VALIDATION_FAILED, "the body is too large");
            case 415 ->
                Problem.of(ErrorCode.VALIDATION_FAILED, "the body must be JSON: send Content-Type: application/json");
            default ->
                status >= 500
                        ? internal()
                        : Problem.of(ErrorCode.VALIDATION_FAILED, "the request is not valid HTTP for this path");
        };
    }

    static Problem internal() {
        return Problem.of(
                ErrorCode.INTERNAL,
                "the request failed for an unexpected reason; find it in the log by the X-Request-ID");
    }

    private static String allowed(HttpHeaders headers) {
        var allow = headers.getFirst(HttpHeaders.ALLOW);
        return allow == null ? "others" : allow;
    }
}
