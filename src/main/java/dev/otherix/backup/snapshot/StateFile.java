package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * The file in the directory for facts that outlive the process and belong to no snapshot. If it is missing, or a later
 * version wrote it in another format, nothing is known.
 */
public final class StateFile {

    static final String FILE = ".otherix-etcd-backup.state";

    private static final int VERSION = 1;
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final Disk disk;
    private final Runnable requireUsable;

    /** @param requireUsable fails if the directory does not answer, or is not the right one */
    StateFile(Path directory, Disk disk, Runnable requireUsable) {
        this.file = directory.resolve(FILE);
        this.disk = disk;
        this.requireUsable = requireUsable;
    }

    /** Its path, for messages. */
    public Path path() {
        return file;
    }

    /**
     * How the last run ended.
     *
     * @throws DirectoryFailure if it cannot be read
     */
    public Optional<LastRun> lastRun() {
        requireUsable.run();
        try {
            return disk.exists(file) ? Optional.ofNullable(read().lastRun()) : Optional.empty();
        } catch (JacksonException damaged) {
            throw new DirectoryFailure(DirectoryFailure.Reason.BROKEN, file + " is damaged", 0, damaged);
        } catch (IOException unreadable) {
            throw DirectoryFailure.of("reading", file, unreadable);
        }
    }

    private Content read() throws IOException {
        if (!disk.isFile(file) || disk.attributes(file).size() > MAX_BYTES) {
            throw new IOException("this service did not write it");
        }
        var read = RecordFormat.JSON.readValue(disk.readUpTo(MAX_BYTES, file), Content.class);
        return read == null || read.version() != VERSION ? Content.NOTHING : read;
    }

    /**
     * Records how the last run ended. If that fails, no earlier run is mistaken for the last one.
     *
     * @throws DirectoryFailure if it cannot be written
     */
    public void write(LastRun lastRun) {
        requireUsable.run();
        try {
            new WholeFiles(disk)
                    .write(
                            file,
                            file.resolveSibling(FILE + ".tmp"),
                            RecordFormat.JSON.writeValueAsBytes(new Content(VERSION, lastRun)));
        } catch (IOException refused) {
            var failure = DirectoryFailure.of("writing", file, refused);
            try {
                disk.deleteIfThere(file);
            } catch (IOException alsoRefused) {
                failure.addSuppressed(alsoRefused);
            }
            throw failure;
        }
    }

    private record Content(int version, @Nullable LastRun lastRun) {

        private static final Content NOTHING = new Content(VERSION, null);
    }
}
