package dev.otherix.backup.history;

import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that gets its name only when it is complete and synced, and never that of a file which is there. Until then it
 * is hidden beside it under a name of its own, 0600. If the process dies, the next one that makes the same file removes
 * what was left.
 */
public final class NewFile implements AutoCloseable {

    private static final String SUFFIX = ".unfinished";

    private final Path file;
    private final Path temporary;
    private final FileChannel channel;

    private NewFile(Path file, Path temporary, FileChannel channel) {
        this.file = file;
        this.temporary = temporary;
        this.channel = channel;
    }

    /**
     * Begins a file.
     *
     * @throws NotWritten if something has this name, or the file cannot be made
     */
    public static NewFile begin(Path file) {
        try {
            return beginNow(file);
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }

    /**
     * Whether a process that died left this file behind, with so many bytes, before it got its name.
     *
     * @throws NotWritten if its directory cannot be read
     */
    static boolean isLeft(Path file, long bytes) {
        try {
            for (var leftover : leftovers(file)) {
                if (Files.size(leftover) == bytes) {
                    return true;
                }
            }
            return false;
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }

    private static NewFile beginNow(Path file) throws IOException {
        for (var leftover : leftovers(file)) {
            Files.deleteIfExists(leftover);
        }
        requireAbsent(file);
        var directory = directory(file);
        var temporary = directory.resolve(beginning(file)
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt())
                + SUFFIX);
        var channel = FileChannel.open(
                temporary,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                ownersOnly(directory));
        try {
            // without it, others keep what they find
            UseLock.taken(channel::tryLock);
            return new NewFile(file, temporary, channel);
        } catch (RuntimeException broken) {
            channel.close();
            Files.deleteIfExists(temporary);
            throw broken;
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String beginning(Path file) {
        return "." + file.getFileName() + ".";
    }

    private static Path directory(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory");
    }

    private static void requireAbsent(Path file) throws FileAlreadyExistsException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString());
        }
    }

    /** What processes that died left of this file. */
    private static List<Path> leftovers(Path file) throws IOException {
        var left = new ArrayList<Path>();
        try (var found = Files.newDirectoryStream(directory(file), other -> {
            var name = other.getFileName().toString();
            return name.startsWith(beginning(file)) && name.endsWith(SUFFIX);
        })) {
            for (var other : found) {
                if (!isInUse(other)) {
                    left.add(other);
                }
            }
        }
        return left;
    }

    private static boolean isInUse(Path other) throws IOException {
        try (var opened = FileChannel.open(other, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            return !UseLock.taken(opened::tryLock);
        } catch (NoSuchFileException ended) {
            // the process that wrote it has removed it
            return true;
        }
    }

    /** Open for writing, and for reading what was written. */
    public FileChannel channel() {
        return channel;
    }

    /** Opens it once more, for reading. */
    public FileChannel reopen() throws IOException {
        return FileChannel.open(temporary, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Syncs it and gives it its name.
     *
     * @throws NotWritten if something has this name by now, or the disk refuses
     */
    public void publish() {
        try {
            channel.force(true);
            name();
            try (var directory = FileChannel.open(directory(file), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }

    private void name() throws IOException {
        try {
            // unlike a rename, a link never replaces what is there
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException there) {
            throw there;
        } catch (FileSystemException | UnsupportedOperationException withoutLinks) {
            requireAbsent(file);
            Files.move(temporary, file);
        }
    }

    /** Writes all of it. */
    public void write(byte[] content) {
        try {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }

    /** Removes it, whoever still writes it; for a process that ends now. */
    public void abandon() {
        remove(temporary);
    }

    /**
     * Gives a file and its record their names, the record first, as for every snapshot: a file that has its name has
     * its record.
     *
     * @throws NotWritten if one cannot get its name; then both have none
     */
    public static void publish(NewFile file, NewFile record) {
        record.publish();
        try {
            file.publish();
        } catch (NotWritten refused) {
            record.withdraw();
            throw refused;
        }
    }

    /** Takes the name back. */
    void withdraw() {
        remove(file);
    }

    /** @throws NotWritten if it cannot be removed */
    static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }

    /** Removes what has no name. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(temporary);
        } catch (IOException refused) {
            throw new NotWritten(refused);
        }
    }
}
