package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback TCP port that nothing listened on when it was taken, and that no other test JVM of this machine takes
 * until it is closed: the UDP port of the same number stands for it, so that a server can be stopped and started again
 * on its port, whichever user each JVM belongs to. Another program may still be quicker; who starts a server there must
 * expect a port that is in use.
 */
public final class ReservedPort implements AutoCloseable {

    // below the range from which Linux takes the ports of outgoing connections
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private final int number;
    private final DatagramChannel reservation;

    private ReservedPort(int number, DatagramChannel reservation) {
        this.number = number;
        this.reservation = reservation;
    }

    /** Takes any. */
    public static ReservedPort take() {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, LOWEST, HIGHEST)
                .mapToObj(ReservedPort::takeExactly)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException("no free port found between %d and %d".formatted(LOWEST, HIGHEST)));
    }

    /** Empty when somebody has it. */
    public static Optional<ReservedPort> takeExactly(int port) {
        try {
            var reservation = DatagramChannel.open();
            if (binds(reservation, port) && isFree(port)) {
                return Optional.of(new ReservedPort(port, reservation));
            }
            reservation.close();
            return Optional.empty();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot reserve port " + port, cause);
        }
    }

    public int number() {
        return number;
    }

    /** Where a server on it is reached. */
    public String url(String scheme) {
        return scheme + "://127.0.0.1:" + number;
    }

    @Override
    public void close() {
        try {
            reservation.close();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot release port " + number, cause);
        }
    }

    private static boolean binds(DatagramChannel reservation, int port) throws IOException {
        try {
            reservation.bind(loopback(port));
            return true;
        } catch (BindException inUse) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(loopback(port));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
    }
}
