package dev.otherix.backup.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Why this user cannot read a file or directory. Distinguishes a missing file from one without permission, and shows
 * its owner and mode.
 *
 * @param inGeneral the problem without any path, as the rest of a sentence that begins with the file's name
 * @param problem the same with all details: {@code "does not exist"}
 * @param fix what to do, as a sentence
 * @param missing whether it does not exist
 */
public record UnreadableFile(String inGeneral, String problem, String fix, boolean missing) {

    private static final int NOBODY = -1;

    private UnreadableFile(String problem, String fix, boolean missing) {
        this(problem, problem, fix, missing);
    }

    /** Why reading {@code file} failed with {@code broken}. */
    public static UnreadableFile of(Path file, IOException broken) {
        return of(file).orElseGet(() ->
                new UnreadableFile("cannot be read (" + words(broken) + ")", "Check its file system.", false));
    }

    /** Java's message for some errors is only the path, or begins with it. */
    private static String words(IOException broken) {
        var said = broken instanceof FileSystemException ofFile ? ofFile.getReason() : broken.getMessage();
        return said == null ? broken.getClass().getSimpleName() : said;
    }

    /** Empty if the file exists and this user can read it. */
    public static Optional<UnreadableFile> of(Path file) {
        return look(
                file,
                attributes -> attributes.isDirectory()
                        ? new UnreadableFile("is a directory", "Name a file.", false)
                        : Files.isReadable(file) ? null : closed(file));
    }

    /** The same for a directory and the names in it. */
    public static Optional<UnreadableFile> ofDirectory(Path directory) {
        return look(
                directory,
                attributes -> !attributes.isDirectory()
                        ? new UnreadableFile("is a file, not a directory", "Name a directory.", false)
                        : Files.isReadable(directory) && Files.isExecutable(directory) ? null : closed(directory));
    }

    private static Optional<UnreadableFile> look(
            Path path, Function<BasicFileAttributes, @Nullable UnreadableFile> found) {
        try {
            return Optional.ofNullable(found.apply(Files.readAttributes(path, BasicFileAttributes.class)));
        } catch (NoSuchFileException missing) {
            return Optional.of(missing(path));
        } catch (AccessDeniedException denied) {
            return Optional.of(behind(path));
        } catch (IOException broken) {
            return Optional.of(
                    new UnreadableFile("cannot be accessed (" + words(broken) + ")", "Correct the path.", false));
        }
    }

    private static UnreadableFile missing(Path file) {
        return Files.isSymbolicLink(file)
                ? new UnreadableFile(
                        "is a link to a file that does not exist",
                        "is a link to " + target(file) + ", which does not exist",
                        "Put that file there, or correct the link.",
                        true)
                : new UnreadableFile("does not exist", "Put the file there, or correct the path.", true);
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException changedMeanwhile) {
            return "another file";
        }
    }

    private static UnreadableFile closed(Path file) {
        return new UnreadableFile(
                "is there, but " + user() + " may not read it" + ownerAndMode(file),
                "Run " + open(file, owner(file)) + ".",
                false);
    }

    /**
     * The command that lets this user, but no others, read a file. Mode 640 alone locks out a user outside the group.
     */
    static String open(Path file, int owner) {
        return owner == ownUser()
                ? "chmod 600 " + file
                // the owner does not change: another program may use the file too
                : (owner == 0 ? "chown root:" : "chgrp ") + group() + " " + file + " && chmod 640 " + file;
    }

    private static int owner(Path file) {
        try {
            return (Integer) Files.getAttribute(file, "unix:uid");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notTold) {
            return NOBODY;
        }
    }

    /** The user that this process runs as; empty without procfs, so that it owns no file. */
    static int ownUser() {
        return owner(Path.of("/proc/self"));
    }

    /** Finds the first directory from the root on that cannot be entered. */
    private static UnreadableFile behind(Path file) {
        @Nullable Path closed = null;
        for (@Nullable Path above = file.toAbsolutePath().getParent(); above != null; above = above.getParent()) {
            closed = Files.isExecutable(above) ? closed : above;
        }
        var where = closed == null ? "a directory above it" : closed.toString();
        return new UnreadableFile(
                "cannot be reached: " + user() + " may not enter a directory above it",
                "cannot be reached: " + user() + " may not enter " + where
                        + (closed == null ? "" : ownerAndMode(closed)),
                "Put it where the user " + user()
                        + " can read it, for example below /etc/otherix, or let that user enter " + where + ".",
                false);
    }

    private static String ownerAndMode(Path path) {
        try {
            var attributes = Files.readAttributes(path, PosixFileAttributes.class);
            var mode = (Integer) Files.getAttribute(path, "unix:mode");
            return " (owner " + attributes.owner().getName() + ":"
                    + attributes.group().getName() + ", mode " + String.format(Locale.ROOT, "%04o", mode & 07777) + ")";
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notTold) {
            return "";
        }
    }

    /** The user that this process runs as. */
    public static String user() {
        return System.getProperty("user.name", "this user");
    }

    private static String group() {
        try {
            return Files.readAttributes(Path.of("/proc/self"), PosixFileAttributes.class)
                    .group()
                    .getName();
        } catch (IOException | UnsupportedOperationException noProcfs) {
            return user();
        }
    }
}
