package dev.otherix.backup.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One connection on which a test writes what no HTTP client would, and reads as slowly as it likes. */
final class RawHttp implements AutoCloseable {

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    static RawHttp connect(URI service) {
        try {
            var socket = new Socket();
            // small, so that little of an answer is under way while nobody reads it
            socket.setReceiveBufferSize(16 << 10);
            socket.connect(new InetSocketAddress(service.getHost(), service.getPort()), 5000);
            socket.setSoTimeout(20_000);
            return new RawHttp(socket);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Sends a request line and headers, closing the connection after the answer, and returns all of it. */
    static String exchange(URI service, String requestLine, String... headers) {
        try (var http = connect(service)) {
            http.send(requestLine + "\r\nHost: localhost\r\nConnection: close\r\n" + String.join("", headers) + "\r\n");
            return http.rest();
        }
    }

    void send(String text) {
        try {
            var out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The next {@code length} bytes of the answer, or fewer where it ends. */
    byte[] read(int length) {
        try {
            return in().readNBytes(length);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** All that still comes until the connection ends, well or by a reset. */
    String rest() {
        var rest = new ByteArrayOutputStream();
        try {
            in().transferTo(rest);
        } catch (SocketException reset) {
            // an end too
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return rest.toString(StandardCharsets.ISO_8859_1);
    }

    /** The head of the answer, its empty line included; the body follows. */
    String head() {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = read(1);
            if (next.length == 0) {
                break;
            }
            head.append((char) next[0]);
        }
        return head.toString();
    }

    private InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /** Goes away without a word, as a client that is killed. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
