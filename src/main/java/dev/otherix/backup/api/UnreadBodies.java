package dev.otherix.backup.api;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Reads the unread rest of a request's body, so that a client that still sends it gets the answer, but not beyond
 * {@link BodyDeadline}. After that the connection ends with the answer. Otherwise Tomcat would continue to read as long
 * as a byte arrives from time to time, and a client without a token could occupy a thread.
 */
final class UnreadBodies extends ValveBase {

    UnreadBodies() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        // requests that the server has already refused pass here too, and may have no readable body
        var refused = response.isError();
        getNext().invoke(request, response);
        // a waiting caller has already sent its body
        if (!refused && !request.isAsync() && !request.getCoyoteRequest().isFinished() && !isRead(request)) {
            response.getCoyoteResponse().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    private static boolean isRead(Request request) {
        // not the stream of Servlet: it is closed once an answer of known length is written
        var body = request.getCoyoteRequest();
        var deadline = new BodyDeadline(body.getStartTimeNanos());
        var piece = new Piece();
        var left = most(request);
        try {
            while (left > 0 && !deadline.isOver()) {
                var got = body.doRead(piece);
                if (got < 0) {
                    return true;
                }
                left -= got;
            }
        } catch (IOException broken) {
            // the rest will not arrive, and the answer is written
        }
        return false;
    }

    private static int most(Request request) {
        return request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
                ? http.getMaxSwallowSize()
                : 0;
    }

    /** The server puts the bytes here; they are discarded. */
    private static final class Piece implements ApplicationBufferHandler {

        private ByteBuffer bytes = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            bytes = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return bytes;
        }

        @Override
        public void expand(int size) {
            // the server brings its own buffer
        }
    }
}
