package dev.otherix.backup.snapshot;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The few things this package does to a file system. Files are made 0600 and directories 0700 where the file system knows modes. */
final class Disk {

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

    byte[] read(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    void force(FileChannel file, boolean metadata) throws IOException {
        file.force(metadata);
    }

    /** Makes what was renamed, linked or deleted in {@code directory} survive a crash. */
    void forceDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        }
    }

    /** Gives {@code from} the name {@code to}; one that exists is never replaced. */
    void renameToNew(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException there) {
            throw there;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            // a file system without hard links: look first, then rename
            if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(to.toString());
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Files.delete(from);
    }

    /** Gives {@code from} the name {@code to} in one step; one that exists is replaced. */
    void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    boolean deleteIfThere(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    List<String> list(Path directory) throws IOException {
        var names = new ArrayList<String>();
        try (var entries = Files.newDirectoryStream(directory)) {
            for (var entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (java.nio.file.DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return names;
    }

    long usableSpace(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    long totalSpace(Path directory) throws IOException {
        return Files.getFileStore(directory).getTotalSpace();
    }

    private static FileAttribute<?>[] mode(Path where, String mode) {
        if (!where.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(mode);
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }
}
