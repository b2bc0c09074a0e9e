package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.snapshot.SystemError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A directory below a target, held open: what is done in it stays in it, and no link in it is followed. Each is reached
 * from the target's own directory, which has to have its mark.
 */
final class TargetDirectory implements AutoCloseable {

    /** A file that only the right file system has: one that is not mounted must not be filled. */
    static final String MARK = ".otherix-etcd-backup-target";

    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;
    private final SecureDirectoryStream<Path> stream;

    private TargetDirectory(Path path, SecureDirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    /** @throws StoreFailure if the directory is not there, or lacks its mark */
    // it is closed with what is returned
    @SuppressWarnings("StreamResourceLeak")
    static TargetDirectory enter(Path target) throws IOException {
        try {
            var entered = new TargetDirectory(target, secure(Files.newDirectoryStream(target)));
            if (!entered.hasMark()) {
                entered.close();
                throw notTheTarget(
                        target + " has no file " + MARK + ", so its file system is perhaps not mounted. If it is, "
                                + "run: touch " + target.resolve(MARK));
            }
            return entered;
        } catch (NoSuchFileException | NotDirectoryException missing) {
            throw notTheTarget("there is no directory " + target
                    + ". Mount its file system, or make the directory and run: touch " + target.resolve(MARK));
        }
    }

    private boolean hasMark() throws IOException {
        try {
            return file(MARK).isPresent();
        } catch (IOException | RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private static StoreFailure notTheTarget(String message) {
        return new StoreFailure(Code.NO_SUCH_PLACE, message, null);
    }

    private static SecureDirectoryStream<Path> secure(java.nio.file.DirectoryStream<Path> stream) {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        throw new IllegalStateException("this system cannot hold a directory open");
    }

    /** The directory below this one, or empty if there is none; a link is none. */
    Optional<TargetDirectory> inner(List<String> names) throws IOException {
        var at = new TargetDirectory(path, secure(stream.newDirectoryStream(Path.of("."))));
        for (var name : names) {
            try (var above = at) {
                if (above.attributes(name)
                        .filter(BasicFileAttributes::isDirectory)
                        .isEmpty()) {
                    return Optional.empty();
                }
                at = above.inner(name);
            } catch (NoSuchFileException removedMeanwhile) {
                return Optional.empty();
            }
        }
        return Optional.of(at);
    }

    private TargetDirectory inner(String name) throws IOException {
        return new TargetDirectory(
                path.resolve(name), secure(stream.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS)));
    }

    /** The same, with what is missing made and synced. */
    TargetDirectory make(List<String> names) throws IOException {
        var at = new TargetDirectory(path, secure(stream.newDirectoryStream(Path.of("."))));
        for (var name : names) {
            try (var above = at) {
                var found = above.attributes(name);
                if (found.isEmpty()) {
                    above.makeOne(name);
                } else if (!found.get().isDirectory()) {
                    throw new StoreFailure(
                            Code.REFUSED,
                            above.path.resolve(name) + " is " + (found.get().isSymbolicLink() ? "a link" : "a file")
                                    + ", and not a directory. Remove it",
                            null);
                }
                at = above.inner(name);
            }
        }
        return at;
    }

    private void makeOne(String name) throws IOException {
        try {
            Files.createDirectory(path.resolve(name), DIRECTORY_MODE);
        } catch (java.nio.file.FileAlreadyExistsException meanwhile) {
            // another member was quicker
        }
        sync();
    }

    /** What {@code name} is; empty if it is nothing. */
    Optional<BasicFileAttributes> attributes(String name) throws IOException {
        try {
            return Optional.of(
                    stream.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                            .readAttributes());
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /** The same, empty too if it is no regular file. */
    Optional<BasicFileAttributes> file(String name) throws IOException {
        return attributes(name).filter(BasicFileAttributes::isRegularFile);
    }

    /** Passes each name with what it is to {@code each}. Can be called once. */
    void forEach(BiConsumer<String, BasicFileAttributes> each) throws IOException {
        try {
            for (var entry : stream) {
                var name = entry.getFileName().toString();
                attributes(name).ifPresent(found -> each.accept(name, found));
            }
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
    }

    /** Makes a file that only this user may read. */
    FileChannel create(String name) throws IOException {
        return channel(stream.newByteChannel(
                Path.of(name),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                FILE_MODE));
    }

    FileChannel read(String name, OpenOption... more) throws IOException {
        var options = new java.util.HashSet<OpenOption>(List.of(more));
        options.add(StandardOpenOption.READ);
        options.add(LinkOption.NOFOLLOW_LINKS);
        return channel(stream.newByteChannel(Path.of(name), options));
    }

    private static FileChannel channel(SeekableByteChannel channel) {
        return (FileChannel) channel;
    }

    /** Gives a file its name, whatever has that name now. */
    void replace(String from, String to) throws IOException {
        stream.move(Path.of(from), stream, Path.of(to));
        sync();
    }

    /**
     * Gives a file its name.
     *
     * @return false if something has that name
     */
    boolean name(String from, String to) throws IOException {
        if (attributes(to).isPresent()) {
            return false;
        }
        try {
            Files.createLink(path.resolve(to), path.resolve(from));
        } catch (java.nio.file.FileAlreadyExistsException meanwhile) {
            return false;
        } catch (UnsupportedOperationException | IOException noLinks) {
            // FAT and some servers have no second names: what was looked up before has to do
            replace(from, to);
            return true;
        }
        stream.deleteFile(Path.of(from));
        sync();
        return true;
    }

    /** Nothing if it is not there, or no regular file. */
    void delete(String name) throws IOException {
        if (file(name).isPresent()) {
            stream.deleteFile(Path.of(name));
        }
    }

    /** Makes what was named, made or removed in it survive a crash, if its file system can do that. */
    void sync() throws IOException {
        try (var channel = channel(
                stream.newByteChannel(Path.of("."), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
            channel.force(true);
        } catch (IOException refused) {
            if (!SystemError.cannotSync(refused)) {
                throw refused;
            }
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
