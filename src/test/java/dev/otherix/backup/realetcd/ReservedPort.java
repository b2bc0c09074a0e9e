package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port that nothing listened on when it was taken, and that no other test JVM of this machine takes until it
 * is closed: a locked file stands for it, so that a server can be stopped and started again on its port. Another
 * program may still be quicker; who starts a server there must expect a port that is in use.
 */
public final class ReservedPort implements AutoCloseable {

    // below the range from which Linux takes the ports of outgoing connections
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;
    private static final int ATTEMPTS = 1_000;

    private final int number;
    private final FileChannel lockFile;

    private ReservedPort(int number, FileChannel lockFile) {
        this.number = number;
        this.lockFile = lockFile;
    }

    /** Takes any. */
    public static ReservedPort take() {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, LOWEST, HIGHEST)
                .mapToObj(ReservedPort::takeExactly)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no free port found between %d and %d".formatted(LOWEST, HIGHEST)));
    }

    /** Empty when somebody has it. */
    static Optional<ReservedPort> takeExactly(int port) {
        try {
            Path directory = Path.of(System.getProperty("java.io.tmpdir"), "otherix-etcd-backup-ports");
            Files.createDirectories(directory);
            FileChannel file = FileChannel.open(
                    directory.resolve(port + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(file) && isFree(port)) {
                return Optional.of(new ReservedPort(port, file));
            }
            file.close();
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
            lockFile.close();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot release port " + number, cause);
        }
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException ofThisJvm) {
            return false;
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
            return true;
        } catch (IOException inUse) {
            return false;
        }
    }
}
