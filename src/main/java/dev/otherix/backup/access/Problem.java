package dev.otherix.backup.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * A failure, as the envelope, a task and the status show it.
 *
 * @param code the word that a script acts on
 * @param message for a person: what happened and what to do
 * @param details values behind the message; left out when there are none
 */
public record Problem(
        String code,
        String message,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Object> details) {

    private static final JsonMapper JSON = new JsonMapper();

    public Problem {
        details = Map.copyOf(details);
    }

    public Problem(String code, String message) {
        this(code, message, Map.of());
    }

    /** Answers with this in the envelope, where no controller does it. */
    public void send(HttpServletResponse response, int status) throws IOException {
        var body = JSON.writeValueAsBytes(new Envelope(this));
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The error envelope. */
    public record Envelope(Problem error) {}
}
