package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * An open directory. What is made, moved or removed in it stays in it, even if somebody renames it meanwhile or puts a
 * link in its place: everything goes through the handle, as /proc shows it, and no link inside is followed.
 */
final class DirectoryHandle implements AutoCloseable {

    private static final FileAttribute<?> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final int descriptor;
    private final Path handle;
    private final Path shown;
    private boolean closed;

    private DirectoryHandle(int descriptor, Path shown) {
        this.descriptor = descriptor;
        this.handle = Path.of("/proc/self/fd", String.valueOf(descriptor));
        this.shown = shown;
    }

    /** The root of the file system, to go through. */
    static DirectoryHandle root() throws IOException {
        var root = Path.of("/");
        return new DirectoryHandle(OpenCall.passage(root), root);
    }

    Access access() throws IOException {
        return at(".", () -> Access.of(handle));
    }

    Access accessTo(String name) throws IOException {
        return at(name, () -> Access.of(entry(name), LinkOption.NOFOLLOW_LINKS));
    }

    /** Who has it. */
    Owner owner() throws IOException {
        return at(".", () -> Owner.of(entry(".")));
    }

    /** What is done at an entry; what fails there names its place, and not the handle. */
    private <T> T at(String name, OnTarget.Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (FileSystemException failed) {
            throw AtPlace.of(failed, shown.resolve(name).normalize());
        }
    }

    /** Where it was when it was opened, for messages. */
    Path shown() {
        return shown;
    }

    /** The path of an entry through the handle. */
    Path entry(String name) {
        return handle.resolve(name);
    }

    /** Opens a directory in it. */
    DirectoryHandle open(String name) throws IOException {
        return new DirectoryHandle(
                at(name, () -> OpenCall.directory(entry(name))),
                shown.resolve(name).normalize());
    }

    /** Opens a directory in it, to go through. */
    DirectoryHandle passage(String name) throws IOException {
        return new DirectoryHandle(
                at(name, () -> OpenCall.passage(entry(name))),
                shown.resolve(name).normalize());
    }

    /**
     * Makes a directory that only this user may enter.
     *
     * @throws IOException also if somebody put another one in its place
     */
    DirectoryHandle make(String name) throws IOException {
        at(name, () -> Files.createDirectory(entry(name), DIRECTORY_MODE));
        var made = open(name);
        try {
            if (made.access().user() != Access.me() || !made.names().isEmpty()) {
                throw new FileSystemException(
                        made.shown.toString(), null, "another program replaced " + made.shown + " while it was made");
            }
            return made;
        } catch (IOException | RuntimeException replaced) {
            made.close();
            throw replaced;
        }
    }

    /** The names in it. */
    List<String> names() throws IOException {
        return at(".", () -> {
            var names = new ArrayList<String>();
            try (var entries = Files.newDirectoryStream(handle)) {
                entries.forEach(entry -> names.add(String.valueOf(entry.getFileName())));
            } catch (DirectoryIteratorException broken) {
                throw broken.getCause();
            }
            return names;
        });
    }

    /** Makes a file that only this user may read, for reading and writing. */
    FileChannel create(String name) throws IOException {
        return at(
                name,
                () -> FileChannel.open(
                        entry(name),
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                        FILE_MODE));
    }

    /** Opens a file in it for reading. */
    FileChannel read(String name) throws IOException {
        return at(
                name, () -> FileChannel.open(entry(name), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    boolean has(String name) {
        return Files.exists(entry(name), LinkOption.NOFOLLOW_LINKS);
    }

    boolean isLink(String name) {
        return Files.isSymbolicLink(entry(name));
    }

    /** Where a link in it leads. */
    Path target(String name) throws IOException {
        return at(name, () -> Files.readSymbolicLink(entry(name)));
    }

    /** Whether it is a file; to open anything else can take for ever. */
    boolean isFile(String name) {
        return Files.isRegularFile(entry(name), LinkOption.NOFOLLOW_LINKS);
    }

    boolean isDirectory(String name) {
        return Files.isDirectory(entry(name), LinkOption.NOFOLLOW_LINKS);
    }

    /** Renames an entry. An empty directory of the new name is replaced. */
    void rename(String name, DirectoryHandle into, String newName) throws IOException {
        at(name, () -> Files.move(entry(name), into.entry(newName), StandardCopyOption.ATOMIC_MOVE));
    }

    /** Gives it and all that is in it to another user, the innermost first. */
    void give(Owner owner) throws IOException {
        for (var name : names()) {
            if (isDirectory(name)) {
                try (var inner = open(name)) {
                    inner.give(owner);
                }
            } else {
                give(name, owner);
            }
        }
        give(".", owner);
    }

    /** How many bytes this user can still write there. */
    long usableBytes() {
        // a store of java.nio is looked up by a path, which can lead elsewhere meanwhile
        return entry(".").toFile().getUsableSpace();
    }

    /** Gives a file to another user, to whom the directory does not belong yet. */
    void give(String name, Owner owner) throws IOException {
        at(name, () -> {
            owner.give(
                    Files.getFileAttributeView(entry(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS));
            return name;
        });
    }

    /** Syncs the directory itself. */
    void sync() throws IOException {
        try (var channel = at(".", () -> FileChannel.open(handle, StandardOpenOption.READ))) {
            channel.force(true);
        }
    }

    /** Removes an entry with all that is in it; nothing if it is not there. */
    void remove(String name) throws IOException {
        if (isDirectory(name)) {
            try (var inner = open(name)) {
                for (var entry : inner.names()) {
                    inner.remove(entry);
                }
            }
        }
        at(name, () -> Files.deleteIfExists(entry(name)));
    }

    /** Whether the entry is this directory. */
    boolean isStill(String name, DirectoryHandle of) {
        try {
            var here = Files.readAttributes(entry(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Objects.equals(
                    here.fileKey(),
                    Files.readAttributes(of.handle, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Override
    public void close() {
        // its number may be another's by then
        if (!closed) {
            closed = true;
            OpenCall.close(descriptor);
        }
    }
}
