package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A copy that was fetched for one command, in a directory of its own (0700) that is removed with it, also when the
 * command is ended by Ctrl-C. What a killed one left is removed by the next in the same place.
 */
final class FetchedAside implements AutoCloseable {

    private static final String BEGINNING = ".otherix-offsite-";
    private static final String LOCK = "lock";
    private static final Path SELF = Path.of("/proc/self");

    private final Path directory;
    private final FileChannel lock;
    private final AtExit atExit;
    private final Path file;

    private FetchedAside(Path directory, FileChannel lock, AtExit atExit, Path file) {
        this.directory = directory;
        this.lock = lock;
        this.atExit = atExit;
        this.file = file;
    }

    /**
     * Fetches a copy.
     *
     * @param place where the directory is made
     * @throws CommandFailure if it cannot be made there, or the copy is refused
     */
    static FetchedAside in(Path place, OffsiteSource source, CopyName name) {
        try {
            removeLeft(place);
            var directory = Files.createTempDirectory(
                    place,
                    BEGINNING,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var lock = locked(directory);
            var atExit = new AtExit(() -> remove(directory));
            try {
                return new FetchedAside(directory, lock, atExit, source.fetch(name, directory));
            } catch (RuntimeException | Error refused) {
                atExit.close();
                lock.close();
                remove(directory);
                throw refused;
            }
        } catch (IOException refused) {
            var reason = switch (refused) {
                case AccessDeniedException _ -> "the user " + UnreadableFile.user() + " may not write there";
                case NoSuchFileException _ -> "it does not exist";
                default -> String.valueOf(refused.getMessage());
            };
            throw new CommandFailure(
                    "cannot put what is fetched into " + place + " for a while: " + reason,
                    "Fetch it first, to a directory that this user may write to: " + Program.NAME + " offsite fetch "
                            + name + " --out DIR. Then name the file.",
                    refused);
        }
    }

    private static FileChannel locked(Path directory) throws IOException {
        var channel = FileChannel.open(
                directory.resolve(LOCK), Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        // a file system without locks: others keep what they find
        tryLock(channel);
        return channel;
    }

    private static boolean tryLock(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        } catch (IOException withoutLocks) {
            return false;
        }
    }

    private static void removeLeft(Path place) throws IOException {
        try (var found = Files.newDirectoryStream(place, BEGINNING + "*")) {
            for (var other : found) {
                if (isOurs(other) && isLeft(other)) {
                    remove(other);
                }
            }
        }
    }

    private static boolean isOurs(Path other) throws IOException {
        return Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(other, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getAttribute(SELF, "unix:uid"));
    }

    private static boolean isLeft(Path other) {
        try (var channel =
                FileChannel.open(other.resolve(LOCK), Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            return tryLock(channel);
        } catch (IOException begun) {
            // its process has not got that far, or has removed it
            return false;
        }
    }

    /** It has files only. */
    private static void remove(Path directory) {
        try {
            try (var files = Files.newDirectoryStream(directory)) {
                for (var file : files) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(directory);
        } catch (NoSuchFileException gone) {
            // removed already
        } catch (IOException refused) {
            throw new UncheckedIOException("cannot remove " + directory, refused);
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        atExit.close();
        try {
            remove(directory);
            lock.close();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
