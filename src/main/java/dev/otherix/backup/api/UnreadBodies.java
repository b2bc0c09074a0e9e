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
 * Reads what nobody has read of a request's body, so that a client that still sends it gets the answer, but not beyond
 * {@link BodyDeadline}. Then the connection ends with the answer. Left alone, Tomcat would go on reading for as long as
 * a byte comes now and then, and a client without a token could hold a thread.
 */
final class UnreadBodies extends ValveBase {

    UnreadBodies() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        // what the server has refused already comes by too, and may have no body that can be read
        var refused = response.isError();
        getNext().invoke(request, response);
        // a caller that waits for a snapshot has sent its body
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
            // the rest will not come, and the answer is written
        }
        return false;
    }

    private static int most(Request request) {
        return request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
                ? http.getMaxSwallowSize()
                : 0;
    }

    /** Where the server puts what it has read; the bytes are of no use here. */
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
