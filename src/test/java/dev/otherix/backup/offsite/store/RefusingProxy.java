package dev.otherix.backup.offsite.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A proxy that lets nobody through. */
final class RefusingProxy implements AutoCloseable {

    private final ServerSocket listener;

    private RefusingProxy(ServerSocket listener) {
        this.listener = listener;
        Thread.ofVirtual().start(this::serve);
    }

    static RefusingProxy start() {
        try {
            return new RefusingProxy(new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1")));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    private void serve() {
        while (true) {
            try (var client = listener.accept()) {
                var head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) client.getInputStream().read());
                }
                client.getOutputStream()
                        .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
