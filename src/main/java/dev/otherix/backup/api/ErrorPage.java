package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers errors that the server found before Spring saw the request, in the error envelope. */
@RestController
final class ErrorPage implements ErrorController {

    @RequestMapping("/error")
    @Nullable
    ResponseEntity<Problem.Envelope> answer(HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted()) {
            // would look like a part of the sent answer
            return null;
        }
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer found ? found : 404;
        var headers = new HttpHeaders();
        var allowed = response.getHeaders(HttpHeaders.ALLOW);
        if (!allowed.isEmpty()) {
            headers.set(HttpHeaders.ALLOW, String.join(",", allowed));
        }
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(new Problem.Envelope(HttpProblem.of(status, headers)));
    }
}
