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

/** An operation on the snapshot directory failed; the message shows what an operator should check. */
public final class DirectoryFailure extends RuntimeException {

    private final Reason reason;
    private final long missingBytes;

    DirectoryFailure(Reason reason, String message, long missingBytes, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.missingBytes = missingBytes;
    }

    DirectoryFailure(Reason reason, String message) {
        this(reason, message, 0, null);
    }

    static DirectoryFailure noSpace(Path directory, long missingBytes, long freeBytes, long reserveBytes) {
        return new DirectoryFailure(
                Reason.NO_SPACE,
                "not enough space in " + directory + ": " + missingBytes + " bytes are missing (" + freeBytes
                        + " free, " + reserveBytes
                        + " must stay free for directory.reserve); free some space, or keep fewer snapshots",
                missingBytes,
                null);
    }

    /** The disk does not answer: {@code call} has not returned. */
    public static DirectoryFailure hangs(DiskCalls.Waiting call) {
        return new DirectoryFailure(
                Reason.HANGS,
                "the disk has not answered for " + call.since().toSeconds() + "s (" + call.doing() + " " + call.file()
                        + "); check the disk, or the server of the file system");
    }

    /** Explains {@code cause} to an operator: by its type or, if Java has no type for it, by the system's own text. */
    static DirectoryFailure of(String doing, Path path, IOException cause) {
        if (SystemError.NO_SPACE.is(cause) || SystemError.OVER_QUOTA.is(cause)) {
            return new DirectoryFailure(
                    Reason.NO_SPACE, doing + " " + path + ": no space left on the device", 0, cause);
        }
        return switch (cause) {
            case NoSuchFileException gone ->
                new DirectoryFailure(
                        Reason.GONE,
                        doing + " " + path + ": " + gone.getFile()
                                + " does not exist; was the directory removed or its volume unmounted?",
                        0,
                        cause);
            case FileAlreadyExistsException there ->
                new DirectoryFailure(
                        Reason.EXISTS,
                        doing + " " + path + ": " + there.getFile() + " already exists and is not replaced",
                        0,
                        cause);
            case AccessDeniedException denied -> notWritable(Reason.NOT_WRITABLE, doing, path, denied);
            case ClosedChannelException closed ->
                new DirectoryFailure(Reason.BROKEN, doing + " " + path + ": it has been closed", 0, closed);
            default -> other(doing, path, cause);
        };
    }

    private static DirectoryFailure other(String doing, Path path, IOException cause) {
        if (SystemError.READ_ONLY.is(cause)) {
            return notWritable(Reason.READ_ONLY, doing, path, cause);
        }
        return SystemError.NOT_PERMITTED.is(cause)
                ? notWritable(Reason.NOT_WRITABLE, doing, path, cause)
                : new DirectoryFailure(Reason.BROKEN, doing + " " + path + ": " + words(cause), 0, cause);
    }

    /** Java's message for some errors is only the path. */
    static String words(IOException cause) {
        var saysNothing =
                cause.getMessage() == null || cause instanceof FileSystemException ofFile && ofFile.getReason() == null;
        return switch (cause) {
            case NotDirectoryException file -> file.getFile() + " is not a directory";
            case AccessDeniedException denied -> denied.getMessage() + ": access denied";
            case NoSuchFileException gone -> gone.getFile() + " does not exist";
            case FileAlreadyExistsException there -> there.getFile() + " already exists";
            default ->
                cause.getMessage() == null
                        ? cause.getClass().getName()
                        : saysNothing
                                ? cause.getClass().getSimpleName() + " " + cause.getMessage()
                                : cause.getMessage();
        };
    }

    private static DirectoryFailure notWritable(Reason reason, String doing, Path path, IOException cause) {
        return new DirectoryFailure(
                reason,
                doing + " " + path + ": not permitted (" + cause.getMessage()
                        + "); check owner, mode and mount of the directory",
                0,
                cause);
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
