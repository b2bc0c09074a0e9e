package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.history.FileChoice;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.snapshot.DirectoryFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Chooses the snapshot that a command works on where a directory is named, and says why a file cannot be read. */
final class UnprovenFiles {

    private final Waits waits;
    private final Consumer<String> listener;
    private final OffsiteSources sources;

    /** @param listener gets what a person has to know about the answer */
    UnprovenFiles(Waits waits, Consumer<String> listener, OffsiteSources sources) {
        this.waits = waits;
        this.listener = listener;
        this.sources = sources;
    }

    /** Work on a file whose first bytes look like a snapshot, and that nobody has proven. */
    interface FileWork<T> {

        T on(Path file) throws IOException;
    }

    /**
     * Works on the file.
     *
     * @param moments those that it has to hold, where a directory is named
     * @throws dev.otherix.backup.history.Refused if no file of the directory holds them
     * @throws CommandFailure if it cannot be read
     */
    <T> T work(FileOrDirectory named, List<NamedMoment> moments, FileWork<T> work) {
        var copy = named.copy();
        if (copy.isPresent()) {
            try (var fetched = sources.aside(copy.get(), named.source())) {
                return work(fetched.file(), work);
            }
        }
        try {
            return work(chosen(named.path(), moments), work);
        } catch (DirectoryFailure unreadable) {
            throw notReadable(unreadable);
        }
    }

    private static CommandFailure notReadable(DirectoryFailure unreadable) {
        return new CommandFailure(
                String.valueOf(unreadable.getMessage()),
                "Run the command as a user who may read the snapshots and their records.",
                ExitCode.NOT_READ,
                unreadable);
    }

    /** Like the other method, for a file. */
    <T> T work(Path path, FileWork<T> work) {
        try {
            requireSnapshot(path);
            return work.on(path);
        } catch (DirectoryFailure unreadable) {
            throw notReadable(unreadable);
        } catch (IOException unreadable) {
            throw notRead(path, unreadable);
        } catch (UncheckedIOException unreadable) {
            throw notRead(path, Objects.requireNonNull(unreadable.getCause()));
        } catch (InternalError fault) {
            // what Java throws where a page of a mapped file cannot be read
            throw notRead(path, new IOException("the medium fails, or the file became shorter", fault));
        }
    }

    private Path chosen(Path path, List<NamedMoment> moments) {
        try (var _ = waits.on(path)) {
            if (!Files.isDirectory(path)) {
                return path;
            }
            UnreadableFile.ofDirectory(path).ifPresent(why -> {
                throw new CommandFailure(path + " " + why.problem(), why.fix(), ExitCode.NOT_READ, null);
            });
            var file = FileChoice.newestWith(path, moments);
            listener.accept("this is from " + file);
            return file;
        }
    }

    private void requireSnapshot(Path path) throws IOException {
        try (var _ = waits.on(path)) {
            ForeignFile.of(path).ifPresent(foreign -> {
                throw new CommandFailure(
                        "cannot read " + path + ": " + foreign.what(), foreign.fix(), ExitCode.NOT_READ, null);
            });
        }
    }

    private static CommandFailure notRead(Path path, IOException unreadable) {
        return new CommandFailure(
                "cannot read " + path + ": " + new NamedFile(path, false).reason(unreadable),
                "Name a snapshot that is there and that this user may read.",
                ExitCode.NOT_READ,
                unreadable);
    }
}
