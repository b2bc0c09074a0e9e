package dev.otherix.backup.snapshot;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The few things this package does to a file system, one system call each where it can be. Files are made 0600 and
 * directories 0700 where the file system knows modes. {@link DiskCalls} knows each call while it waits. Open for tests,
 * which make single steps fail.
 */
class Disk {

    private final DiskCalls calls = new DiskCalls();

    /** The calls that have not returned. */
    final DiskCalls calls() {
        return calls;
    }

    /** Makes {@code directory} and what is missing above it. */
    void makeDirectories(Path directory) throws IOException {
        calls.change("making", directory, () -> Files.createDirectories(directory, mode(directory, "rwx------")));
    }

    FileChannel createNew(Path file) throws IOException {
        return timed(
                file,
                calls.change(
                        "creating",
                        file,
                        () -> FileChannel.open(file, Set.of(CREATE_NEW, WRITE), mode(file, "rw-------"))));
    }

    FileChannel openOrCreate(Path file) throws IOException {
        return timed(
                file,
                calls.change(
                        "opening", file, () -> FileChannel.open(file, Set.of(CREATE, WRITE), mode(file, "rw-------"))));
    }

    /** Opens {@code file}, which is one, and no link or directory. */
    FileChannel openToRead(Path file) throws IOException {
        if (exists(file) && !isFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "it is no file");
        }
        return timed(
                file,
                calls.look("opening", file, () -> FileChannel.open(file, Set.of(READ, LinkOption.NOFOLLOW_LINKS))));
    }

    private FileChannel timed(Path file, FileChannel channel) {
        return new TimedChannel(channel, file, calls);
    }

    /** The first {@code bytes} of {@code file}, or all where it is shorter. */
    byte[] readUpTo(int bytes, Path file) throws IOException {
        return calls.look("reading", file, () -> {
            try (var in = Files.newInputStream(file)) {
                return in.readNBytes(bytes);
            }
        });
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
            discard(temporary);
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
        calls.change("syncing", directory, () -> {
            try (var channel = FileChannel.open(directory, READ)) {
                channel.force(true);
            }
            return directory;
        });
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

    private boolean isSameFile(Path a, Path b) {
        try {
            var key = attributes(a).fileKey();
            return key != null && key.equals(attributes(b).fileKey());
        } catch (IOException oneIsMissing) {
            return false;
        }
    }

    /** Gives {@code file} a second name, {@code name}, which must not exist. */
    void link(Path file, Path name) throws IOException {
        calls.change("naming", name, () -> Files.createLink(name, file));
    }

    /** Gives {@code from} the name {@code to} in one step; one that exists is replaced. */
    void replace(Path from, Path to) throws IOException {
        calls.change("naming", to, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    /** Deletes a file that is there. A link or a directory of that name is not ours and stays. */
    boolean deleteIfThere(Path file) throws IOException {
        return isFile(file) && calls.change("deleting", file, () -> Files.deleteIfExists(file));
    }

    /** As {@link #deleteIfThere}, for what this thread has half-made: also when it was given up. */
    boolean discard(Path file) throws IOException {
        return isFile(file) && calls.look("deleting", file, () -> Files.deleteIfExists(file));
    }

    /** Whether this process may read {@code file}, where it is there. */
    boolean mayRead(Path file) {
        return asked(file, () -> Files.isReadable(file));
    }

    /** Whether files can be made in {@code directory}. */
    boolean mayWrite(Path directory) {
        return asked(directory, () -> Files.isWritable(directory));
    }

    /** Whether {@code file} is one, and no link or directory. */
    boolean isFile(Path file) {
        return asked(file, () -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    boolean exists(Path file) {
        return asked(file, () -> Files.exists(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Whether nothing of that name is there, as far as can be known. */
    boolean isMissing(Path file) {
        return asked(file, () -> Files.notExists(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Whether {@code path} is a directory, or a link to one. */
    boolean isDirectory(Path path) {
        return asked(path, () -> Files.isDirectory(path));
    }

    /** Of {@code file} itself, where it is a link. */
    BasicFileAttributes attributes(Path file) throws IOException {
        return calls.look(
                "reading",
                file,
                () -> Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    /** Of a directory, behind any link. */
    BasicFileAttributes attributesBehind(Path directory) throws IOException {
        return calls.look("reading", directory, () -> Files.readAttributes(directory, BasicFileAttributes.class));
    }

    UserPrincipal owner(Path file) throws IOException {
        return calls.look("reading", file, () -> Files.getOwner(file, LinkOption.NOFOLLOW_LINKS));
    }

    private boolean asked(Path file, DiskCalls.Call<Boolean> question) {
        try {
            return calls.look("reading", file, question);
        } catch (IOException notThrown) {
            throw new UncheckedIOException(notThrown);
        }
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
        calls.look("listing", directory, () -> {
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
            return directory;
        });
    }

    /** When the last name came into {@code directory} or went. */
    FileTime modified(Path directory) throws IOException {
        return calls.look("reading", directory, () -> Files.getLastModifiedTime(directory));
    }

    /**
     * Bytes that this process may still write; 0 too where that is not known. Java's file store would need the table of
     * mounts.
     */
    long usableSpace(Path directory) throws IOException {
        requireThere(directory);
        return calls.look("measuring", directory, () -> directory.toFile().getUsableSpace());
    }

    /** Bytes of the whole file system; 0 where it does not say. */
    long totalSpace(Path directory) throws IOException {
        requireThere(directory);
        return calls.look("measuring", directory, () -> directory.toFile().getTotalSpace());
    }

    private void requireThere(Path directory) throws IOException {
        if (asked(directory, () -> Files.notExists(directory))) {
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
