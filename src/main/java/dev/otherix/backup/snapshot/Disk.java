package dev.otherix.backup.snapshot;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
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
import java.util.Set;
import java.util.function.Consumer;

/**
 * The file system operations of this package, one system call each if possible. {@link WholeFiles} makes several of
 * them one. Files are created 0600 and directories 0700 if the file system supports modes. {@link DiskCalls} knows each
 * call while it waits. Not final, so that tests can make single steps fail.
 */
class Disk {

    private final DiskCalls calls = new DiskCalls();

    /** The calls that have not returned. */
    final DiskCalls calls() {
        return calls;
    }

    /** Creates {@code directory} and its missing parents. */
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

    /** Opens {@code file}, which must be a regular file, not a link or directory. */
    FileChannel openToRead(Path file) throws IOException {
        if (exists(file) && !isFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "it is not a file");
        }
        return timed(
                file,
                calls.look("opening", file, () -> FileChannel.open(file, Set.of(READ, LinkOption.NOFOLLOW_LINKS))));
    }

    private FileChannel timed(Path file, FileChannel channel) {
        return new TimedChannel(channel, file, calls);
    }

    /** The first {@code bytes} of {@code file}, or all of it if it is shorter. */
    byte[] readUpTo(int bytes, Path file) throws IOException {
        return calls.look("reading", file, () -> {
            try (var in = Files.newInputStream(file)) {
                return in.readNBytes(bytes);
            }
        });
    }

    void force(FileChannel file, boolean metadata) throws IOException {
        file.force(metadata);
    }

    /** Makes renames, links and deletions in {@code directory} survive a crash, if its file system can do that. */
    void forceDirectory(Path directory) throws IOException {
        try {
            syncDirectory(directory);
        } catch (IOException refused) {
            if (!SystemError.cannotSync(refused)) {
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

    /** Gives {@code file} a second name, {@code name}, which must not exist. */
    void link(Path file, Path name) throws IOException {
        calls.change("naming", name, () -> Files.createLink(name, file));
    }

    /** Gives {@code from} the name {@code to} in one step; replaces an existing file. */
    void replace(Path from, Path to) throws IOException {
        calls.change("naming", to, () -> Files.move(from, to, StandardCopyOption.ATOMIC_MOVE));
    }

    /** Deletes an existing file. A link or a directory with that name is not ours and is kept. */
    boolean deleteIfThere(Path file) throws IOException {
        return isFile(file) && calls.change("deleting", file, () -> Files.deleteIfExists(file));
    }

    /** Like {@link #deleteIfThere}, for incomplete files of this thread: also after it was abandoned. */
    boolean discard(Path file) throws IOException {
        return isFile(file) && calls.look("deleting", file, () -> Files.deleteIfExists(file));
    }

    /** Whether this process may read {@code file}, if it exists. */
    boolean mayRead(Path file) {
        return asked(file, () -> Files.isReadable(file));
    }

    /** Whether files can be created in {@code directory}. */
    boolean mayWrite(Path directory) {
        return asked(directory, () -> Files.isWritable(directory));
    }

    /** Whether {@code file} is a regular file, not a link or directory. */
    boolean isFile(Path file) {
        return asked(file, () -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    boolean exists(Path file) {
        return asked(file, () -> Files.exists(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Whether nothing has that name, as far as can be known. */
    boolean isMissing(Path file) {
        return asked(file, () -> Files.notExists(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Whether {@code path} is a directory, or a link to one. */
    boolean isDirectory(Path path) {
        return asked(path, () -> Files.isDirectory(path));
    }

    /** Whether the directory can be opened. */
    boolean opens(Path directory) {
        return asked(directory, () -> {
            try (var _ = Files.newDirectoryStream(directory)) {
                return true;
            } catch (IOException refused) {
                return false;
            }
        });
    }

    /** Of {@code file} itself, if it is a link. */
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

    /** The names in {@code directory} that begin like a snapshot's name. */
    List<String> list(Path directory) throws IOException {
        var names = new ArrayList<String>();
        visit(directory, names::add);
        return names;
    }

    /** Like {@link #list}, one name after the other, so that many files need no memory. */
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

    /** When a name was last added to or removed from {@code directory}. */
    FileTime modified(Path directory) throws IOException {
        return calls.look("reading", directory, () -> Files.getLastModifiedTime(directory));
    }

    /**
     * Bytes that this process may still write; also 0 if that is not known. Java's file store would need the mount
     * table.
     */
    long usableSpace(Path directory) throws IOException {
        requireThere(directory);
        return calls.look("measuring", directory, () -> directory.toFile().getUsableSpace());
    }

    /** Size of the whole file system in bytes; 0 if not known. */
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
