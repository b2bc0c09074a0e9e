package dev.otherix.backup.helm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * As much of a cluster as a chart's {@code lookup} of a Secret asks for. The build's {@code KUBECONFIG} leads to it, so
 * that no test ever asks a developer's own cluster.
 */
final class KubernetesApi implements AutoCloseable {

    private static final String RESOURCES = """
            {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1",
             "resources": [{"name": "secrets", "singularName": "", "namespaced": true, "kind": "Secret", "verbs": ["get"]}]}""";
    private static final String NOT_FOUND = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}""";

    private final HttpServer server;
    private final String secret;

    /** @param secret as JSON, or empty where the cluster has none */
    KubernetesApi(String secret) {
        this.secret = secret;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
            Files.writeString(Path.of(System.getenv("KUBECONFIG")), """
                    {apiVersion: v1, kind: Config, current-context: test,
                     clusters: [{name: test, cluster: {server: "http://127.0.0.1:%d"}}],
                     contexts: [{name: test, context: {cluster: test, user: test}}], users: [{name: test, user: {}}]}
                    """.formatted(
                            server.getAddress().getPort()));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        var resources = exchange.getRequestURI().getPath().equals("/api/v1");
        var body = resources ? RESOURCES : secret.isEmpty() ? NOT_FOUND : secret;
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(body.equals(NOT_FOUND) ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
