package dev.otherix.backup.monitoring;

import dev.otherix.backup.access.Problem;
import dev.otherix.backup.access.Rules;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Lets requests from one connector reach only the open paths, before any filter; every other path does not exist there.
 * The path is compared as written: an open path in another spelling, with an escape, a parameter or a second slash, is
 * not open, so it cannot mean something else further on.
 */
final class OpenPaths extends ValveBase {

    private static final String OPEN = OpenPaths.class.getName();
    private static final Problem NOT_FOUND =
            new Problem("not_found", "this listener serves health and metrics only; the API is at api.listen");

    private final Connector connector;

    OpenPaths(Connector connector) {
        super(true);
        this.connector = connector;
    }

    /** Whether a request came through the connector that serves only the open paths. */
    static boolean servesOnlyOpenPaths(HttpServletRequest request) {
        return request.getAttribute(OPEN) != null;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        // requests that the server has already refused pass here too, and stay refused
        if (request.getConnector() != connector || response.isError()) {
            getNext().invoke(request, response);
        } else if (Rules.OPEN.contains(request.getRequestURI())) {
            request.setAttribute(OPEN, true);
            getNext().invoke(request, response);
        } else {
            NOT_FOUND.send(response, 404);
        }
    }
}
