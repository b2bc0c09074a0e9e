package dev.otherix.backup.api;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.AbstractHttp11Protocol;

/**
 * Reads what nobody has read of a request's body, so that a client that still sends it gets the answer, but not beyond
 * {@link BodyDeadline}. Then the connection ends with the answer. Left alone, Tomcat would go on reading for as long as
 * a byte comes now and then, and a client without a token could hold a thread.
 */
final class UnreadBodies extends ValveBase {

    private static final int BUFFER = 8 << 10;

    UnreadBodies() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        // what the server has refused already comes by too, and may have no body that can be read
        var refused = response.isError();
        getNext().invoke(request, response);
        // who waits for a snapshot has sent its body
        if (!refused && !request.isAsync() && !request.getCoyoteRequest().isFinished() && !isRead(request)) {
            response.getCoyoteResponse().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    private static boolean isRead(Request request) {
        var deadline = new BodyDeadline(request.getCoyoteRequest().getStartTimeNanos());
        var buffer = new byte[BUFFER];
        var left = most(request);
        try {
            var body = request.getStream();
            while (left > 0 && !deadline.isOver()) {
                var got = body.read(buffer);
                if (got < 0) {
                    return true;
                }
                left -= got;
            }
        } catch (IOException broken) {
            // the rest will not come, and the answer is written
        }
        return false;
    }

    private static int most(Request request) {
        return request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
                ? http.getMaxSwallowSize()
                : 0;
    }
}
