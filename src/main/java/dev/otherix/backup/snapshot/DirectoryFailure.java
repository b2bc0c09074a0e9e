package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An operation on a directory failed. The message is for the log and the command line: it shows what an operator should
 * check, and the directory. {@link #problem()} is for everyone else.
 */
public final class DirectoryFailure extends RuntimeException {

    private final Reason reason;
    private final String problem;
    private final long missingBytes;

    /** @param problem never holds a path of this host; a file has its name in the directory */
    DirectoryFailure(Reason reason, Path directory, String problem, long missingBytes, @Nullable Throwable cause) {
        this(reason, directory, problem, "", missingBytes, cause);
    }

    private DirectoryFailure(
            Reason reason,
            Path directory,
            String problem,
            String command,
            long missingBytes,
            @Nullable Throwable cause) {
        super(problem + " (directory " + directory + above(directory, cause) + ")" + command, cause);
        this.reason = reason;
        this.problem = problem;
        this.missingBytes = missingBytes;
    }

    DirectoryFailure(Reason reason, Path directory, String problem) {
        this(reason, directory, problem, 0, null);
    }

    static DirectoryFailure noSpace(Path directory, long missingBytes, long freeBytes, long reserveBytes) {
        return new DirectoryFailure(
                Reason.NO_SPACE,
                directory,
                "not enough space in the snapshot directory: " + missingBytes + " bytes are missing (" + freeBytes
                        + " free, " + reserveBytes
                        + " must stay free for directory.reserve); free some space, or keep fewer snapshots",
                missingBytes,
                null);
    }

    /** @param command the fix on this host, for the log; follows the message */
    static DirectoryFailure tooMany(Path directory, String problem, String command) {
        return new DirectoryFailure(Reason.TOO_MANY, directory, problem, command, 0, null);
    }

    /** The disk does not answer: {@code call} has not returned. */
    public static DirectoryFailure hangs(Path directory, DiskCalls.Waiting call) {
        return new DirectoryFailure(
                Reason.HANGS,
                directory,
                "the disk has not answered for " + call.since().toSeconds() + "s (" + call.doing() + " "
                        + NamedIn.name(directory, call.file())
                        + "); check the disk, or the server of the file system");
    }

    /**
     * Explains {@code cause} to an operator: by its type or, if Java has no type for it, by the system's own text.
     *
     * @param doing the operation and what it worked on, such as "writing otherix-20260606T031500Z.db"
     */
    static DirectoryFailure of(Path directory, String doing, IOException cause) {
        var what = new NamedIn(directory, doing);
        if (SystemError.NO_SPACE.is(cause) || SystemError.OVER_QUOTA.is(cause)) {
            return failed(Reason.NO_SPACE, what, "no space left on the device", cause);
        }
        return switch (cause) {
            case NoSuchFileException gone ->
                failed(
                        Reason.GONE,
                        what,
                        what.file(gone) + " does not exist; was the directory removed or its volume unmounted?",
                        cause);
            case FileAlreadyExistsException there ->
                failed(Reason.EXISTS, what, what.file(there) + " already exists and is not replaced", cause);
            case AccessDeniedException denied -> notWritable(Reason.NOT_WRITABLE, what, denied);
            case ClosedChannelException closed -> failed(Reason.BROKEN, what, "it has been closed", closed);
            default -> other(what, cause);
        };
    }

    private static DirectoryFailure other(NamedIn what, IOException cause) {
        if (SystemError.READ_ONLY.is(cause)) {
            return notWritable(Reason.READ_ONLY, what, cause);
        }
        return SystemError.NOT_PERMITTED.is(cause)
                ? notWritable(Reason.NOT_WRITABLE, what, cause)
                : failed(Reason.BROKEN, what, words(cause), cause);
    }

    private static DirectoryFailure notWritable(Reason reason, NamedIn what, IOException cause) {
        return failed(
                reason,
                what,
                "not permitted" + what.detail(cause) + "; check owner, mode and mount of the directory",
                cause);
    }

    private static DirectoryFailure failed(Reason reason, NamedIn what, String why, IOException cause) {
        return new DirectoryFailure(reason, what.directory(), what.doing() + ": " + why, 0, cause);
    }

    /** What {@code cause} means, without the file: Java's own message begins with its path, or is only that. */
    public static String words(IOException cause) {
        var said = cause instanceof FileSystemException ofFile ? ofFile.getReason() : cause.getMessage();
        if (said != null) {
            return said;
        }
        return switch (cause) {
            case NotDirectoryException _ -> "it is not a directory";
            case AccessDeniedException _ -> "access denied";
            case NoSuchFileException _ -> "it does not exist";
            case FileAlreadyExistsException _ -> "it already exists";
            default -> cause.getClass().getSimpleName();
        };
    }

    private static String above(Path directory, @Nullable Throwable cause) {
        return cause instanceof FileSystemException ofFile
                ? NamedIn.above(directory, ofFile)
                        .map(parent -> ", at " + parent)
                        .orElse("")
                : "";
    }

    /** What happened and what to check, without any path of this host. */
    public String problem() {
        return problem;
    }

    public Reason reason() {
        return reason;
    }

    /** How many more bytes were needed, 0 if that is not the reason or not known. */
    public long missingBytes() {
        return missingBytes;
    }

    /** The reason that an operator acts on. */
    public enum Reason {
        /** The directory or a file in it no longer exists. */
        GONE,
        /** The directory is not the one that was there at start, for example after a mount or unmount. */
        REPLACED,
        NOT_WRITABLE,
        /** Its file system is mounted read-only, perhaps only for this process, as systemd does. */
        READ_ONLY,
        NO_SPACE,
        /** It holds more snapshots than fit this process's memory. */
        TOO_MANY,
        /** A file with that name exists; it is never replaced. */
        EXISTS,
        /** Another instance holds the directory. */
        LOCKED,
        /** Other users can read the files written there. */
        EXPOSED,
        /** A call to the file system does not return. */
        HANGS,
        /** Any other error of the file system. */
        BROKEN
    }
}
