package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second instance out of a directory with a lock that the system releases when the process dies. The lock file
 * also shows whether the directory is still the one that was opened; if only that file was removed, it is made and
 * locked again.
 */
final class DirectoryLock implements AutoCloseable {

    static final String FILE = ".otherix-etcd-backup.lock";

    private final Path directory;
    private final Disk disk;
    private final Identity directoryThen;
    private FileChannel channel;
    private volatile @Nullable Object fileThen;

    private DirectoryLock(Path directory, Disk disk, FileChannel channel) throws IOException {
        this.directory = directory;
        this.disk = disk;
        this.channel = channel;
        this.directoryThen = Identity.of(directory, disk);
        this.fileThen = identity(directory.resolve(FILE));
    }

    static DirectoryLock take(Path directory, Disk disk) throws IOException {
        return new DirectoryLock(directory, disk, lock(directory, disk));
    }

    private static FileChannel lock(Path directory, Disk disk) throws IOException {
        var channel = disk.openOrCreate(directory.resolve(FILE));
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException sameProcess) {
            // held by this process: locked as well
        } catch (IOException broken) {
            channel.close();
            throw new DirectoryFailure(
                    DirectoryFailure.Reason.BROKEN,
                    directory,
                    "the file system of the snapshot directory does not lock files (" + DirectoryFailure.words(broken)
                            + "), so a second instance cannot be refused",
                    0,
                    broken);
        }
        channel.close();
        throw new DirectoryFailure(
                DirectoryFailure.Reason.LOCKED,
                directory,
                "another otherix-etcd-backup works in the snapshot directory; each replica needs its own directory");
    }

    /** Fails if the directory is gone or is not the one that was locked. */
    void requireSameDirectory() {
        try {
            if (!Objects.equals(fileThen, identity(directory.resolve(FILE)))) {
                takeAgain("it is not the directory that was there at start");
            }
        } catch (NoSuchFileException gone) {
            if (!disk.isDirectory(directory)) {
                throw DirectoryFailure.of(directory, "looking into the snapshot directory", gone);
            }
            takeAgain("its file " + FILE + " is gone");
        } catch (IOException broken) {
            throw DirectoryFailure.of(directory, "looking into the snapshot directory", broken);
        }
    }

    /** A cleanup program may have removed or replaced the file. */
    private synchronized void takeAgain(String why) {
        try {
            if (!directoryThen.isOf(Identity.of(directory, disk))) {
                throw replaced(why);
            }
            if (Objects.equals(
                    fileThen, disk.exists(directory.resolve(FILE)) ? identity(directory.resolve(FILE)) : this)) {
                // another thread was faster
                return;
            }
            var before = channel;
            channel = lock(directory, disk);
            fileThen = identity(directory.resolve(FILE));
            before.close();
        } catch (IOException broken) {
            throw DirectoryFailure.of(directory, "locking the snapshot directory again", broken);
        }
    }

    private DirectoryFailure replaced(String what) {
        return new DirectoryFailure(
                DirectoryFailure.Reason.REPLACED,
                directory,
                "the snapshot directory was replaced: " + what
                        + "; was a volume mounted or unmounted? restart the service when the right directory is there");
    }

    private @Nullable Object identity(Path file) throws IOException {
        return disk.attributes(file).fileKey();
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }

    /**
     * Identifies a directory: the inode number of a removed one may be used again, so its creation time counts too, if
     * known.
     */
    private record Identity(@Nullable Object key, FileTime born, FileTime modified) {

        private static Identity of(Path directory, Disk disk) throws IOException {
            var attributes = disk.attributesBehind(directory);
            return new Identity(attributes.fileKey(), attributes.creationTime(), attributes.lastModifiedTime());
        }

        private boolean isOf(Identity now) {
            // a file system without creation times returns the time of the last change
            var unknown = born.equals(modified) && now.born.equals(now.modified);
            return Objects.equals(key, now.key) && (born.equals(now.born) || unknown);
        }
    }
}
