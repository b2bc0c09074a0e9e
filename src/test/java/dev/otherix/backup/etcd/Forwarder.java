package dev.otherix.backup.etcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Makes a port of 127.0.0.1 reachable under another loopback address, and cuts what goes through it. */
public final class Forwarder implements AutoCloseable {

    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ServerSocket listener;
    private final int target;

    public Forwarder(String address, int target) throws IOException {
        this.listener = new ServerSocket(0, 10, InetAddress.getByName(address));
        this.target = target;
        Thread.startVirtualThread(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
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
                var server = new Socket(InetAddress.getByName("127.0.0.1"), target);
                sockets.addAll(List.of(client, server));
                Thread.startVirtualThread(() -> copy(client, server));
                Thread.startVirtualThread(() -> copy(server, client));
            }
        } catch (SocketException closed) {
            // the test is over
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // one side has gone
        }
    }
}
