package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.verify.SnapshotProof;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file that a person named, or that is in a directory that a person named.
 *
 * @param listed whether it was found in a directory
 */
record NamedFile(Path path, boolean listed) {

    private static final String SNAPSHOTS = "otherix-*.db";

    /** The files that {@code otherix-*.db} matches in this directory, oldest first. */
    static List<NamedFile> in(Path directory) throws IOException {
        var files = new ArrayList<NamedFile>();
        try (var entries = Files.newDirectoryStream(directory, SNAPSHOTS)) {
            entries.forEach(entry -> files.add(new NamedFile(entry, true)));
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        files.sort((one, other) -> one.path().compareTo(other.path()));
        return files;
    }

    /** A link is followed: a user who names one means the file behind it. */
    SnapshotProof verify(boolean raw, boolean details, ProgressBar bar) throws IOException {
        var file = path.toRealPath();
        try (var progress = bar.begin(String.valueOf(path.getFileName()), Files.size(file))) {
            return new SnapshotVerifier().verify(file, new SnapshotVerifier.Options(raw, 0, details), progress::at);
        }
    }

    private Optional<UnreadableFile> closed() {
        return Files.isDirectory(path) ? UnreadableFile.ofDirectory(path) : UnreadableFile.of(path);
    }

    /** Why it cannot be read, for a person who knows its name; ends with what to do, if known. */
    String reason(IOException broken) {
        return switch (broken) {
            case NoSuchFileException _
            when path.toString().contains("*") ->
                "it does not exist: the shell did not expand the pattern, because this user may not look there, or "
                        + "nothing matches; name the directory instead";
            case NoSuchFileException _ ->
                Files.isSymbolicLink(path) ? "it is a link to a file that does not exist" : "it does not exist";
            case AccessDeniedException _ ->
                closed().filter(why -> !why.missing())
                                .map(why -> "it " + why.problem())
                                .orElse("this user may not read it")
                        + ". Run the command with sudo, or as the owner";
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> String.valueOf(broken.getMessage());
        };
    }
}
