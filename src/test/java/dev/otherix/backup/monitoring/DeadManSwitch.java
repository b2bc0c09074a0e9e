package dev.otherix.backup.monitoring;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.pem.PemContent;

/** A server that notes which paths are called, as a monitoring service does that raises the alarm when calls stop. */
public final class DeadManSwitch implements AutoCloseable {

    private final HttpServer server;
    private final String scheme;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    private DeadManSwitch(HttpServer server, String scheme, IntSupplier status) {
        this.server = server;
        this.scheme = scheme;
        server.createContext("/", exchange -> {
            calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            var code = status.getAsInt();
            if (code / 100 == 3) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(code, -1);
            exchange.close();
        });
        server.start();
    }

    public static DeadManSwitch start() {
        return answering(() -> 200);
    }

    /** It takes each call, and answers none before that. */
    public static DeadManSwitch waitingFor(CountDownLatch answers) {
        return answering(() -> {
            try {
                answers.await();
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
            return 200;
        });
    }

    public static DeadManSwitch answering(IntSupplier status) {
        try {
            return new DeadManSwitch(HttpServer.create(anyPort(), 0), "http", status);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    static DeadManSwitch withTls(TestCertificates.Pair own) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry(
                "own",
                PemContent.load(own.key()).getPrivateKey(),
                new char[0],
                PemContent.load(own.certificate()).getCertificates().toArray(X509Certificate[]::new));
        var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        manager.init(keys, new char[0]);
        var tls = SSLContext.getInstance("TLS");
        tls.init(manager.getKeyManagers(), null, null);
        var server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new DeadManSwitch(server, "https", () -> 200);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    }

    public String url(String path) {
        return scheme + "://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Method and path of each call, in their order. */
    public List<String> calls() {
        return calls;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
