package dev.otherix.backup.snapshot;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The few things this package does to a file system, one system call each where it can be. Files are made 0600 and
 * directories 0700 where the file system knows modes. Open for tests, which make single steps fail.
 */
class Disk {

    /** Makes {@code directory} and what is missing above it. */
    void makeDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, mode(directory, "rwx------"));
    }

    FileChannel createNew(Path file) throws IOException {
        return FileChannel.open(file, Set.of(CREATE_NEW, WRITE), mode(file, "rw-------"));
    }

    FileChannel openOrCreate(Path file) throws IOException {
        return FileChannel.open(file, Set.of(CREATE, WRITE), mode(file, "rw-------"));
    }

    /** Opens {@code file}, which is one, and no link or directory. */
    FileChannel openToRead(Path file) throws IOException {
        if (exists(file) && !isFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "it is no file");
        }
        return FileChannel.open(file, Set.of(READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** The first {@code bytes} of {@code file}, or all where it is shorter. */
    byte[] readUpTo(int bytes, Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(bytes);
        }
    }

    /**
     * Writes {@code file} so that a crash at any moment leaves the old one whole or the new one whole.
     *
     * @param temporary what it is called until it is complete, in the same directory
     */
    final void writeWhole(Path file, Path temporary, byte[] content) throws IOException {
        deleteIfThere(temporary);
        try (var channel = createNew(temporary)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            force(channel, true);
            replace(temporary, file);
        } catch (IOException broken) {
            deleteIfThere(temporary);
            throw broken;
        }
        forceDirectory(Objects.requireNonNull(file.getParent(), "a file is in a directory"));
    }

    void force(FileChannel file, boolean metadata) throws IOException {
        file.force(metadata);
    }

    /**
     * Makes what was renamed, linked or deleted in {@code directory} survive a crash, where its file system can do
     * that.
     */
    void forceDirectory(Path directory) throws IOException {
        try {
            syncDirectory(directory);
        } catch (IOException refused) {
            if (!cannotSync(refused)) {
                throw refused;
            }
        }
    }

    void syncDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        }
    }

    /** Whether a file system says by this that it syncs no directories, rather than that it failed to. */
    static boolean cannotSync(IOException refused) {
        return Stream.of(SystemError.INVALID, SystemError.NOT_SUPPORTED, SystemError.NOT_IMPLEMENTED)
                .anyMatch(error -> error.is(refused));
    }

    /**
     * Gives {@code from} the name {@code to}; one that exists is never replaced. The old name may stay, as a second one
     * of the same file, for the caller to delete.
     */
    void nameNew(Path from, Path to) throws IOException {
        try {
            link(from, to);
        } catch (UnsupportedOperationException | IOException refused) {
            // an answer that was lost and asked for again says "exists", or an error, of a link that was made
            if (isSameFile(from, to)) {
                return;
            }
            if (refused instanceof FileAlreadyExistsException || exists(to)) {
                throw new FileAlreadyExistsException(to.toString());
            }
            if (refused instanceof IOException failed && !(refused instanceof FileSystemException)) {
                throw failed;
            }
            // a file system without hard links
            replace(from, to);
        }
    }

    private static boolean isSameFile(Path a, Path b) {
        try {
            var key = Files.readAttributes(a, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            return key != null
                    && key.equals(Files.readAttributes(b, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .fileKey());
        } catch (IOException oneIsMissing) {
            return false;
        }
    }

    /** Gives {@code file} a second name, {@code name}, which must not exist. */
    void link(Path file, Path name) throws IOException {
        Files.createLink(name, file);
    }

    /** Gives {@code from} the name {@code to} in one step; one that exists is replaced. */
    void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes a file that is there. A link or a directory of that name is not ours and stays. */
    boolean deleteIfThere(Path file) throws IOException {
        return isFile(file) && Files.deleteIfExists(file);
    }

    /** Whether this process may read {@code file}, where it is there. */
    boolean mayRead(Path file) {
        return Files.isReadable(file);
    }

    /** Whether {@code file} is one, and no link or directory. */
    boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The names in {@code directory} that begin as a snapshot's does. */
    List<String> list(Path directory) throws IOException {
        var names = new ArrayList<String>();
        visit(directory, names::add);
        return names;
    }

    /**
     * As {@link #list}, one name after the other: the many files of another program take no memory, and our own need
     * not.
     */
    void visit(Path directory, Consumer<String> eachName) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            for (var entry : entries) {
                var name = entry.getFileName().toString();
                if (SnapshotName.begins(name)) {
                    eachName.accept(name);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException broken) {
            throw broken.getCause();
        }
    }

    /** When the last name came into {@code directory} or went. */
    FileTime modified(Path directory) throws IOException {
        return Files.getLastModifiedTime(directory);
    }

    /**
     * Bytes that this process may still write; 0 too where that is not known. Java's file store would need the table of
     * mounts.
     */
    long usableSpace(Path directory) throws IOException {
        requireThere(directory);
        return directory.toFile().getUsableSpace();
    }

    /** Bytes of the whole file system; 0 where it does not say. */
    long totalSpace(Path directory) throws IOException {
        requireThere(directory);
        return directory.toFile().getTotalSpace();
    }

    private static void requireThere(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
    }

    private static FileAttribute<?>[] mode(Path where, String mode) {
        if (!where.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        var permissions = PosixFilePermissions.fromString(mode);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }
}
