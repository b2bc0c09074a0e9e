package dev.otherix.backup.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.otherix.backup.config.ListenAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An HTTP server that gives one answer to every request and remembers the last one; status 0 breaks the connection. */
final class ScriptedService implements AutoCloseable {

    /** What was asked. */
    record Request(
            String method,
            String uri,
            @Nullable String contentType,
            @Nullable String authorization,
            String body) {}

    private final HttpServer server;
    private final int health;
    private final int status;
    private final String answer;
    private volatile @Nullable Request last;
    private volatile @Nullable Answer toCopy;

    private record Answer(int status, String text) {}

    ScriptedService(int status, String answer) {
        this(status, status, answer);
    }

    /** @param health the status of the answer to a question for its health */
    ScriptedService(int health, int status, String answer) {
        this.health = health;
        this.status = status;
        this.answer = answer;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    /** Answers requests for an off-site copy in this way. */
    ScriptedService copying(int status, String answer) {
        toCopy = new Answer(status, answer);
        return this;
    }

    ListenAddress address() {
        return new ListenAddress("127.0.0.1", server.getAddress().getPort());
    }

    String url() {
        return "http://" + address();
    }

    @Nullable
    Request last() {
        return last;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            last = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Content-Type"),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var path = exchange.getRequestURI().getPath();
            var copy = toCopy;
            if (copy != null && path.endsWith("/copy")) {
                send(exchange, copy.status(), copy.text());
            } else if (status != 0) {
                send(exchange, path.startsWith("/actuator/health") ? health : status, answer);
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
