package dev.otherix.backup.restore;

import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A failure with the place where it happened, as a person knows it. */
final class AtPlace {

    private AtPlace() {}

    static FileSystemException of(FileSystemException failed, Path place) {
        var file = place.toString();
        var named = switch (failed) {
            case AccessDeniedException _ -> new AccessDeniedException(file);
            case NoSuchFileException _ -> new NoSuchFileException(file);
            case FileAlreadyExistsException _ -> new FileSystemException(file, null, file + " is there already");
            case DirectoryNotEmptyException _ -> new FileSystemException(file, null, file + " is not empty");
            case AtomicMoveNotSupportedException _ ->
                new FileSystemException(file, null, file + " is on another file system");
            default -> new FileSystemException(file, null, file + ": " + failed.getReason());
        };
        named.initCause(failed);
        return named;
    }
}
