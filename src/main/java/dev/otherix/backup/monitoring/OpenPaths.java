package dev.otherix.backup.monitoring;

import dev.otherix.backup.access.Rules;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Lets requests that came by one connector reach the open paths only, before any filter sees them; all else is not
 * there. The path counts as it was written: an open path spelled in any other way, with an escape, a parameter or a
 * second slash, is not one, so it cannot mean one thing here and another behind this.
 */
final class OpenPaths extends ValveBase {

    private static final String OPEN = OpenPaths.class.getName();
    private static final byte[] NOT_FOUND =
            "{\"error\":{\"code\":\"not_found\",\"message\":\"this listener serves health and metrics only; the API is at api.listen\"}}"
                    .getBytes(StandardCharsets.UTF_8);

    private final Connector connector;

    OpenPaths(Connector connector) {
        super(true);
        this.connector = connector;
    }

    /** Whether a request came by the connector that serves the open paths only. */
    static boolean servesOnlyOpenPaths(HttpServletRequest request) {
        return request.getAttribute(OPEN) != null;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        // what the server has refused already comes by too, and stays refused
        if (request.getConnector() != connector || response.isError()) {
            getNext().invoke(request, response);
        } else if (Rules.OPEN.contains(request.getRequestURI())) {
            request.setAttribute(OPEN, true);
            getNext().invoke(request, response);
        } else {
            response.setStatus(404);
            response.setContentType("application/json");
            response.setContentLength(NOT_FOUND.length);
            response.getOutputStream().write(NOT_FOUND);
        }
    }
}
