package dev.otherix.backup.etcd;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Whether the member is being defragmented. During that it does not answer calls, but its metrics at the client URL
 * show it. If the metrics cannot be read, the answer is no.
 */
final class Defragmentation {

    // etcd's server/storage/backend/metrics.go: a gauge, 1 during a defragmentation
    private static final String IN_FLIGHT = "etcd_disk_defrag_inflight 1";
    private static final Duration LIMIT = Duration.ofSeconds(2);
    // etcd sends less than 200 KiB
    private static final int MOST_BYTES = 2 << 20;

    private final EtcdProperties properties;
    private final @Nullable SslContext context;

    /** @param context for the connection; null without TLS */
    Defragmentation(EtcdProperties properties, @Nullable SslContext context) {
        this.properties = properties;
        this.context = context;
    }

    /** Asks, within two seconds. An interrupt ends it. */
    boolean inFlight() {
        var asking = new FutureTask<>(this::ask);
        // an interrupt closes the socket of a virtual thread only
        Thread.ofVirtual().name("etcd-metrics").start(asking);
        try {
            return asking.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException notKnown) {
            // the caller reports its own failure then
            return false;
        } finally {
            asking.cancel(true);
        }
    }

    private boolean ask() throws IOException {
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(
                    MemberChannel.host(properties.clientUrl()),
                    properties.clientUrl().getPort()));
            try (var socket = secured(plain)) {
                // HTTP/1.0: the answer is one piece and ends with the connection
                var request = "GET /metrics HTTP/1.0\r\nHost: "
                        + properties.clientUrl().getRawAuthority() + "\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                var metrics = new String(socket.getInputStream().readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
                return metrics.lines().anyMatch(IN_FLIGHT::equals);
            }
        }
    }

    private Socket secured(Socket plain) throws IOException {
        var url = properties.clientUrl();
        if (!url.getScheme().equalsIgnoreCase("https")) {
            return plain;
        }
        if (!(context instanceof JdkSslContext tls)) {
            throw new IOException("no TLS of the JDK");
        }
        var socket = (SSLSocket)
                tls.context().getSocketFactory().createSocket(plain, MemberChannel.host(url), url.getPort(), true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }
}
