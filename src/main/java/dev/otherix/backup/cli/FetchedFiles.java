package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.Identities;
import dev.otherix.backup.offsite.IncludedFile;
import dev.otherix.backup.offsite.StoredFiles;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.restore.NewDirectory;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files beside a copy, on their way into a directory, which gets its name when all of them are there. Nothing that
 * exists is overwritten.
 */
final class FetchedFiles implements AutoCloseable {

    private final Path directory;
    private final NewDirectory made;
    private final AtExit atExit;
    private final List<String> names = new ArrayList<>();

    private FetchedFiles(Path directory, NewDirectory made) {
        this.directory = directory;
        this.made = made;
        this.atExit = new AtExit(made::abandon);
    }

    /** Fetches them to where they have no name yet. */
    static FetchedFiles of(ObjectStore store, Folder.Place place, Identities identities, Path directory) {
        var files = StoredFiles.find(store, place);
        try {
            var fetched = new FetchedFiles(directory, NewDirectory.begin(directory));
            try {
                files.unpack(identities, fetched::write);
                return fetched;
            } catch (RuntimeException refused) {
                fetched.close();
                throw refused;
            }
        } catch (NotWritten refused) {
            throw notWritten(directory, refused.reason());
        }
    }

    private void write(IncludedFile file) {
        made.write(List.of(file.name().split("/")), file.content(), file.modifiedAt());
        names.add(file.name());
    }

    /** Their paths in the directory. */
    List<String> names() {
        return names;
    }

    /** Gives the directory its name. */
    void publish() {
        try {
            made.publish();
        } catch (NotWritten refused) {
            throw notWritten(directory, refused.reason());
        }
    }

    private static CommandFailure notWritten(Path directory, IOException refused) {
        var reason = switch (refused) {
            case AccessDeniedException denied -> "this user may not write to " + denied.getFile();
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> refused.getMessage();
        };
        return new CommandFailure(
                "cannot write the files to " + directory + ": " + reason + "; none was left there",
                "Name a new directory, with --files, in one that this user may write to.",
                refused);
    }

    @Override
    public void close() {
        atExit.close();
        made.close();
    }
}
