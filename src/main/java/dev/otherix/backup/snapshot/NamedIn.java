package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An operation in a directory, with the names that its files have there: a message about it holds no path of this host.
 *
 * @param doing the operation and what it worked on
 */
record NamedIn(Path directory, String doing) {

    private static final String ITSELF = "the directory";

    /** The name of {@code file} in {@code directory}. */
    static String name(Path directory, Path file) {
        var whole = directory.toAbsolutePath().normalize();
        var path = file.toAbsolutePath().normalize();
        if (path.equals(whole)) {
            return ITSELF;
        }
        if (path.startsWith(whole)) {
            return whole.relativize(path).toString();
        }
        return whole.startsWith(path) ? "a directory above it" : String.valueOf(path.getFileName());
    }

    /** The directory above {@code directory} that {@code failure} is about; empty if it is about another file. */
    static Optional<Path> above(Path directory, FileSystemException failure) {
        return Optional.ofNullable(failure.getFile())
                .map(Path::of)
                .filter(file -> !file.equals(directory) && directory.startsWith(file));
    }

    /** The file of {@code failure}, as the subject of a sentence after {@link #doing}. */
    String file(FileSystemException failure) {
        var name = other(failure);
        return name == null ? "it" : name;
    }

    /** The file and the reason of {@code failure} in parentheses, as far as {@link #doing} does not say them. */
    String detail(IOException failure) {
        var parts = failure instanceof FileSystemException ofFile
                ? Stream.of(Optional.ofNullable(other(ofFile)), Optional.ofNullable(ofFile.getReason()))
                : Stream.of(Optional.ofNullable(failure.getMessage()));
        var detail = parts.flatMap(Optional::stream).collect(Collectors.joining(": "));
        return detail.isEmpty() ? "" : " (" + detail + ")";
    }

    /** Null for the one that {@link #doing} names. */
    private @Nullable String other(FileSystemException failure) {
        if (failure.getFile() == null) {
            return null;
        }
        var name = name(directory, Path.of(failure.getFile()));
        return doing.endsWith(" " + name) || name.equals(ITSELF) && doing.endsWith(" directory") ? null : name;
    }
}
