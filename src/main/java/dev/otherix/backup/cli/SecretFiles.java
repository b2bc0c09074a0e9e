package dev.otherix.backup.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Writes files that only their owner can read (0600): all or none, each complete and synced before it gets its name.
 * Never replaces an existing file.
 */
final class SecretFiles {

    private static final FileAttribute<?> DIRECTORY_MODE = mode("rwx------");
    private static final FileAttribute<?> FILE_MODE = mode("rw-------");

    private SecretFiles() {}

    /**
     * Writes {@code contents} to {@code directory}, which is created if it is missing. @throws
     * FileAlreadyExistsException if one of the names is taken
     */
    static void write(Path directory, SequencedMap<Path, byte[]> contents) throws IOException {
        for (var file : contents.sequencedKeySet()) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.toString());
            }
        }
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, DIRECTORY_MODE);
        }
        var temporary = new LinkedHashMap<Path, Path>();
        try {
            for (var content : contents.entrySet()) {
                var file = content.getKey();
                var unnamed = Files.createTempFile(directory, "." + file.getFileName() + "-", ".tmp", FILE_MODE);
                temporary.put(unnamed, file);
                fill(unnamed, content.getValue());
            }
            name(temporary);
        } finally {
            for (var unnamed : temporary.sequencedKeySet()) {
                Files.deleteIfExists(unnamed);
            }
        }
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileAttribute<?> mode(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }

    private static void fill(Path file, byte[] content) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static void name(Map<Path, Path> temporary) throws IOException {
        var named = new ArrayDeque<Path>();
        try {
            for (var pair : temporary.entrySet()) {
                name(pair.getKey(), pair.getValue());
                named.push(pair.getValue());
            }
        } catch (IOException broken) {
            for (var file : named) {
                Files.deleteIfExists(file);
            }
            throw broken;
        }
    }

    /** A link, unlike a rename, never replaces a file; some file systems do not support links. */
    private static void name(Path unnamed, Path file) throws IOException {
        try {
            Files.createLink(file, unnamed);
        } catch (FileAlreadyExistsException there) {
            throw there;
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            Files.move(unnamed, file);
        }
    }
}
