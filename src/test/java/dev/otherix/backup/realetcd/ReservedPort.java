package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A loopback port that nothing listened on when it was taken, and that no other test JVM of this machine takes until it
 * is closed: a locked file stands for it, so that a server can be stopped and started again on its port. Another
 * program may still be quicker; who starts a server there must expect a port that is in use.
 */
final class ReservedPort implements AutoCloseable {

    // below the range from which Linux takes the ports of outgoing connections
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 32_000;

    private final int number;
    private final FileChannel lockFile;

    private ReservedPort(int number, FileChannel lockFile) {
        this.number = number;
        this.lockFile = lockFile;
    }

    static ReservedPort take() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try {
                FileChannel lockFile = lock(candidate);
                if (lockFile != null) {
                    return new ReservedPort(candidate, lockFile);
                }
            } catch (IOException cause) {
                throw new UncheckedIOException("cannot reserve port " + candidate, cause);
            }
        }
        throw new IllegalStateException("no free port between %d and %d".formatted(LOWEST, HIGHEST));
    }

    int number() {
        return number;
    }

    String url(String scheme) {
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

    private static @org.jspecify.annotations.Nullable FileChannel lock(int port) throws IOException {
        Path directory = Path.of(System.getProperty("java.io.tmpdir"), "otherix-etcd-backup-ports");
        Files.createDirectories(directory);
        FileChannel file = FileChannel.open(
                directory.resolve(port + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = file.tryLock();
            taken = lock != null && isFree(port);
        } catch (OverlappingFileLockException ofThisJvm) {
            taken = false;
        } finally {
            if (!taken) {
                file.close();
            }
        }
        return taken ? file : null;
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
