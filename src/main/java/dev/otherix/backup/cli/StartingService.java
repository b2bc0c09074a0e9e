package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * A service that may be starting, for example right after an installation or a restart: it has no token yet, or does
 * not listen yet. A stopped service looks the same, so the wait is short.
 */
final class StartingService {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);

    private final Service service;
    private final PrintWriter err;

    StartingService(Service service, PrintWriter err) {
        this.service = service;
        this.err = err;
    }

    /** Waits until it answers, at most {@code limit}. The next call then shows why it does not answer. */
    void await(Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        for (boolean announced = false; !canBeAsked() && System.nanoTime() < end; announced = true) {
            if (!announced) {
                err.println(Program.NAME + ": waiting up to " + limit.toSeconds() + "s for the service at "
                        + service.url() + " to start");
                err.flush();
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean canBeAsked() {
        if (UnreadableFile.of(service.tokenFile())
                .filter(UnreadableFile::missing)
                .isPresent()) {
            return false;
        }
        var uri = service.uri("/");
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort()), (int)
                    CONNECT_LIMIT.toMillis());
            return true;
        } catch (IOException absent) {
            return false;
        }
    }
}
