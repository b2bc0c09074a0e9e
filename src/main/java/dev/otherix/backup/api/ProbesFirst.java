package dev.otherix.backup.api;

import dev.otherix.backup.access.Rules;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Keeps threads free for the probes, whatever other clients do: it limits how many other requests run at a time. A
 * request runs until its client has read the whole answer. Further requests get 429. A request that waits for a
 * snapshot holds no thread, so it does not count.
 */
final class ProbesFirst extends ValveBase {

    /** Paths with a short answer from memory. */
    private static final Set<String> PROBES =
            Set.of("/healthz", "/readyz", "/actuator/health/liveness", "/actuator/health/readiness");

    private static final byte[] BUSY =
            "{\"error\":{\"code\":\"rate_limited\",\"message\":\"too many requests wait for an answer, or their clients do not read it; try again in a second\",\"details\":null}}"
                    .getBytes(StandardCharsets.UTF_8);

    private final Semaphore open;
    private final Semaphore others;

    /**
     * @param mostOpen how many requests for health and metrics, which need no token, are answered at a time
     * @param mostOthers how many of all other requests
     */
    ProbesFirst(int mostOpen, int mostOthers) {
        super(true);
        this.open = new Semaphore(mostOpen);
        this.others = new Semaphore(mostOthers);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        var path = request.getRequestURI();
        if (response.isError()
                || request.getDispatcherType() == DispatcherType.ASYNC
                || request.isAsyncDispatching()
                || PROBES.contains(path)) {
            getNext().invoke(request, response);
            return;
        }
        var room = Rules.OPEN.contains(path) ? open : others;
        if (!room.tryAcquire()) {
            refuse(response);
            return;
        }
        try {
            getNext().invoke(request, response);
            if (!request.isAsync()) {
                // otherwise the server sends the last bytes after this, and waits for the client without counting the
                // request
                response.finishResponse();
            }
        } finally {
            room.release();
        }
    }

    private static void refuse(Response response) throws IOException {
        response.setStatus(429);
        response.setHeader("Retry-After", "1");
        response.setContentType("application/json");
        response.setContentLength(BUSY.length);
        response.getOutputStream().write(BUSY);
    }
}
