package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The snapshot directory could not do what was asked of it; the message says what an operator should look at. */
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
        return new DirectoryFailure(Reason.NO_SPACE, "not enough space in " + directory + ": " + missingBytes + " bytes are missing ("
                + freeBytes + " free, " + reserveBytes + " are to stay free by directory.reserve); free some, or keep fewer snapshots",
                missingBytes, null);
    }

    /** What {@code cause} means for an operator, told from its type and, for a full disk, from the system's own text. */
    static DirectoryFailure of(String doing, Path path, IOException cause) {
        String text = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
        if (text.contains("No space left on device") || text.contains("quota exceeded")) {
            return new DirectoryFailure(Reason.NO_SPACE, doing + " " + path + ": no space left on the device", 0, cause);
        }
        return switch (cause) {
            case NoSuchFileException gone -> new DirectoryFailure(Reason.GONE, doing + " " + path + ": " + gone.getFile()
                    + " does not exist; was the directory removed or its volume unmounted?", 0, cause);
            case FileAlreadyExistsException there -> new DirectoryFailure(Reason.EXISTS, doing + " " + path + ": " + there.getFile()
                    + " exists already and is not replaced", 0, cause);
            case AccessDeniedException denied -> notWritable(Reason.NOT_WRITABLE, doing, path, denied);
            case ClosedChannelException closed -> new DirectoryFailure(Reason.BROKEN, doing + " " + path + ": it was closed meanwhile",
                    0, closed);
            default -> of(text, doing, path, cause);
        };
    }

    private static DirectoryFailure of(String text, String doing, Path path, IOException cause) {
        if (text.contains("Read-only file system")) {
            return notWritable(Reason.READ_ONLY, doing, path, cause);
        }
        return text.contains("Operation not permitted")
                ? notWritable(Reason.NOT_WRITABLE, doing, path, cause)
                : new DirectoryFailure(Reason.BROKEN, doing + " " + path + ": " + text, 0, cause);
    }

    private static DirectoryFailure notWritable(Reason reason, String doing, Path path, IOException cause) {
        return new DirectoryFailure(reason, doing + " " + path + ": not permitted (" + cause.getMessage()
                + "); check owner, mode and mount of the directory", 0, cause);
    }

    public Reason reason() {
        return reason;
    }

    /** How many bytes more would have been needed, 0 where that is not the reason or not known. */
    public long missingBytes() {
        return missingBytes;
    }

    /** What an operator acts on. */
    public enum Reason {
        /** The directory or a file in it does not exist any more. */
        GONE,
        /** The directory is another one than at start, as after a mount or unmount. */
        REPLACED,
        NOT_WRITABLE,
        /** Its file system is mounted read-only, if only for this process, as systemd does. */
        READ_ONLY,
        NO_SPACE,
        /** A file of that name exists; it is never replaced. */
        EXISTS,
        /** Another instance holds the directory. */
        LOCKED,
        /** Any other error of the file system. */
        BROKEN
    }
}
