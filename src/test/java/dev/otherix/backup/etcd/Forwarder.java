package dev.otherix.backup.etcd;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes a port of 127.0.0.1 reachable under another loopback address, and cuts what goes through it. Can answer in its
 * place who asks for a page.
 */
public final class Forwarder implements AutoCloseable {

    private static final byte[] GET = "GET ".getBytes(StandardCharsets.US_ASCII);

    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ServerSocket listener;
    private final int target;
    private volatile @Nullable String page;

    public Forwarder(String address, int target) throws IOException {
        this.listener = new ServerSocket(0, 10, InetAddress.getByName(address));
        this.target = target;
        Thread.startVirtualThread(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Answers each HTTP request with {@code body} from now on; all else goes through as before. */
    public void answerPages(String body) {
        page = body;
    }

    /** Resets every connection there is, so that the last bytes under way are lost with it. */
    public void reset() {
        sockets.removeIf(socket -> {
            try (socket) {
                socket.setSoLinger(true, 0);
            } catch (IOException gone) {
                // it has ended by itself
            }
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                Thread.startVirtualThread(() -> serve(client));
            }
        } catch (SocketException closed) {
            // the test is over
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void serve(Socket client) {
        try {
            var bytes = new PushbackInputStream(client.getInputStream(), GET.length);
            var answer = page;
            if (answer != null) {
                byte[] first = bytes.readNBytes(GET.length);
                if (Arrays.equals(first, GET)) {
                    answer(client, answer);
                    return;
                }
                bytes.unread(first);
            }
            var server = new Socket(InetAddress.getByName("127.0.0.1"), target);
            sockets.addAll(List.of(client, server));
            Thread.startVirtualThread(() -> copy(server, client));
            copy(bytes, client, server);
        } catch (IOException ended) {
            // the client or the target has gone
        }
    }

    private static void answer(Socket client, String body) throws IOException {
        try (client) {
            client.getOutputStream()
                    .write(("HTTP/1.0 200 OK\r\n\r\n" + body + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            copy(from.getInputStream(), from, to);
        } catch (IOException ended) {
            // it has gone already
        }
    }

    private static void copy(InputStream bytes, Socket from, Socket to) {
        try (from;
                to) {
            bytes.transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // one side has gone
        }
    }
}
