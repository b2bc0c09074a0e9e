package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second instance out of a directory, by a lock that the system releases when the process dies. The lock file also shows
 * whether the directory is still the one that was opened.
 */
final class DirectoryLock implements AutoCloseable {

    static final String FILE = ".otherix-etcd-backup.lock";

    private final Path directory;
    private final FileChannel channel;
    private final @Nullable Object identity;

    private DirectoryLock(Path directory, FileChannel channel) throws IOException {
        this.directory = directory;
        this.channel = channel;
        this.identity = identity(directory.resolve(FILE));
    }

    static DirectoryLock take(Path directory, Disk disk) throws IOException {
        var channel = disk.openOrCreate(directory.resolve(FILE));
        try {
            if (channel.tryLock() != null) {
                return new DirectoryLock(directory, channel);
            }
        } catch (OverlappingFileLockException sameProcess) {
            // held by this process: just as locked
        } catch (IOException broken) {
            channel.close();
            throw broken;
        }
        channel.close();
        throw new DirectoryFailure(DirectoryFailure.Reason.LOCKED, "another otherix-etcd-backup works in " + directory
                + "; each replica needs a directory of its own");
    }

    /** Fails where the directory is gone or another one than when the lock was taken. */
    void requireSameDirectory() {
        try {
            if (!Objects.equals(identity, identity(directory.resolve(FILE)))) {
                throw replaced("it is another directory than at start");
            }
        } catch (NoSuchFileException gone) {
            if (Files.isDirectory(directory)) {
                throw replaced("its file " + FILE + " is gone");
            }
            throw DirectoryFailure.of("looking into", directory, gone);
        } catch (IOException broken) {
            throw DirectoryFailure.of("looking into", directory, broken);
        }
    }

    private DirectoryFailure replaced(String what) {
        return new DirectoryFailure(DirectoryFailure.Reason.REPLACED, "the directory " + directory + " was replaced: " + what
                + "; was a volume mounted or unmounted? restart the service when the right directory is there");
    }

    private static @Nullable Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
