package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.snapshot.DirectoryFailure;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Puts every error into the envelope, including Spring's own. An unexpected error is logged here, once, and is not in
 * the answer.
 */
@RestControllerAdvice
final class Errors extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> failed(ApiFailure failure, WebRequest request) {
        return answer(failure, failure.problem(), failure.status(), request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> directoryFailed(DirectoryFailure failure, WebRequest request) {
        LOG.warn("{}: {}", asked(request), failure.getMessage());
        var answer = ApiFailure.of(failure);
        return answer(failure, answer.problem(), answer.status(), request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> tooMany(BackupJob.TooManyRequests tooMany, WebRequest request) {
        var problem = ErrorCode.RATE_LIMITED.problem(tooMany.getMessage() + "; try again when it has started");
        return answer(tooMany, problem, ErrorCode.RATE_LIMITED.status(), request);
    }

    /** Tomcat parses the query at the first access to a parameter, and throws then. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> unreadableQuery(InvalidParameterException wrong, WebRequest request) {
        var problem = ErrorCode.VALIDATION_FAILED.problem(
                "the query does not consist of name=value pairs, percent-encoded in UTF-8");
        return answer(wrong, problem, ErrorCode.VALIDATION_FAILED.status(), request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> unforeseen(Exception unforeseen, WebRequest request) {
        if (DisconnectedClientHelper.isClientDisconnectedException(unforeseen)) {
            LOG.debug("{}: the client disconnected", asked(request), unforeseen);
            return null;
        }
        return internal(unforeseen, request);
    }

    /** Like the parent, but without a log line: any caller can cause this. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException wrong,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return handleExceptionInternal(wrong, null, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception ex, @Nullable Object body, HttpHeaders headers, HttpStatusCode statusCode, WebRequest request) {
        if (statusCode.is5xxServerError()) {
            return internal(ex, request);
        }
        if (ex instanceof HttpMessageNotReadableException unreadable
                && unreadable.getMostSpecificCause() instanceof ApiFailure refused) {
            return failed(refused, request);
        }
        if (ex instanceof HttpMessageNotReadableException && committed(request)) {
            // the body was not valid HTTP, so the server has already refused it
            return null;
        }
        var problem = ex instanceof HttpMessageNotReadableException unreadable
                ? UnreadableBody.problem(unreadable)
                : HttpProblem.of(statusCode.value(), headers);
        return super.handleExceptionInternal(ex, new Problem.Envelope(problem), json(headers), statusCode, request);
    }

    private @Nullable ResponseEntity<Object> internal(Exception ex, WebRequest request) {
        LOG.error("{} failed unexpectedly", asked(request), ex);
        if (committed(request)) {
            BrokenAnswers.brokeOff(((ServletWebRequest) request).getRequest());
            return null;
        }
        return answer(ex, HttpProblem.internal(), HttpStatus.INTERNAL_SERVER_ERROR, request);
    }

    private @Nullable ResponseEntity<Object> answer(
            Exception ex, Problem problem, HttpStatusCode status, WebRequest request) {
        return super.handleExceptionInternal(
                ex, new Problem.Envelope(problem), json(new HttpHeaders()), status, request);
    }

    private static boolean committed(WebRequest request) {
        var response = ((ServletWebRequest) request).getResponse();
        return response != null && response.isCommitted();
    }

    private static HttpHeaders json(HttpHeaders headers) {
        var asJson = new HttpHeaders(headers);
        // an error is JSON, whatever Accept says
        asJson.setContentType(MediaType.APPLICATION_JSON);
        return asJson;
    }

    private static String asked(WebRequest request) {
        var http = ((ServletWebRequest) request).getRequest();
        return "request " + RequestIds.of(http) + " (" + http.getMethod() + " " + http.getRequestURI() + ")";
    }
}
