package dev.otherix.backup.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands before a port of loopback, and can keep the answers from the client while requests go through. */
final class AnswerLoser implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final int target;
    private volatile boolean swallowing;

    AnswerLoser(int target) throws IOException {
        this.target = target;
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** From now on answers are lost. */
    void swallow() {
        swallowing = true;
    }

    /** Ends all connections; later ones are as before. */
    void cut() {
        for (var socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            close(socket);
        }
        swallowing = false;
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                var server = new Socket(InetAddress.ofLiteral("127.0.0.1"), target);
                sockets.addAll(List.of(client, server));
                Thread.startVirtualThread(() -> copy(client, server, false));
                Thread.startVirtualThread(() -> copy(server, client, true));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void copy(Socket from, Socket to, boolean answers) {
        var bytes = new byte[1 << 16];
        try (from;
                to) {
            for (var count = from.getInputStream().read(bytes);
                    count >= 0;
                    count = from.getInputStream().read(bytes)) {
                if (!answers || !swallowing) {
                    to.getOutputStream().write(bytes, 0, count);
                }
            }
        } catch (IOException ended) {
            // one side has gone
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // it has ended by itself
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
