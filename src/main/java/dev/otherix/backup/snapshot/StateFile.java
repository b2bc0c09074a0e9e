package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
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

    private final Path directory;
    private final Path file;
    private final Disk disk;
    private final Runnable requireUsable;

    /** @param requireUsable fails if the directory does not answer, or is not the right one */
    StateFile(Path directory, Disk disk, Runnable requireUsable) {
        this.directory = directory;
        this.file = directory.resolve(FILE);
        this.disk = disk;
        this.requireUsable = requireUsable;
    }

    /** Its path, for messages. */
    public Path path() {
        return file;
    }

    /** It was not written within {@code limit}. */
    DirectoryFailure late(Duration limit) {
        return new DirectoryFailure(
                DirectoryFailure.Reason.HANGS,
                directory,
                "the disk has not answered for " + limit.toSeconds() + "s (writing " + FILE
                        + "); check the disk, or the server of the file system");
    }

    /**
     * What an earlier process wrote.
     *
     * @throws DirectoryFailure if it cannot be read
     */
    public Remembered read() {
        requireUsable.run();
        try {
            return disk.exists(file) ? content() : Remembered.NOTHING;
        } catch (JacksonException damaged) {
            throw new DirectoryFailure(DirectoryFailure.Reason.BROKEN, directory, FILE + " is damaged", 0, damaged);
        } catch (IOException unreadable) {
            throw DirectoryFailure.of(directory, "reading " + FILE, unreadable);
        }
    }

    private Remembered content() throws IOException {
        if (!disk.isFile(file) || disk.attributes(file).size() > MAX_BYTES) {
            throw new IOException("this service did not write it");
        }
        var read = RecordFormat.JSON.readValue(disk.readUpTo(MAX_BYTES, file), Content.class);
        return read == null || read.version() != VERSION
                ? Remembered.NOTHING
                : new Remembered(
                        read.lastRun(),
                        read.noted(),
                        orNone(read.uploads()),
                        orNone(read.copying()),
                        read.heartbeat(),
                        read.drills() == null ? DrillNotes.NOTHING : read.drills());
    }

    /** An earlier version wrote none. */
    private static <T> List<T> orNone(@Nullable List<T> read) {
        return read == null ? List.of() : read;
    }

    /**
     * Replaces it. If that fails, no earlier run is mistaken for the last one.
     *
     * @throws DirectoryFailure if it cannot be written
     */
    public void write(Remembered now) {
        requireUsable.run();
        try {
            new WholeFiles(disk)
                    .write(
                            file,
                            file.resolveSibling(FILE + ".tmp"),
                            RecordFormat.JSON.writeValueAsBytes(new Content(
                                    VERSION,
                                    now.lastRun(),
                                    now.noted(),
                                    now.uploads(),
                                    now.copying(),
                                    now.heartbeat(),
                                    now.drills())));
        } catch (IOException refused) {
            var failure = DirectoryFailure.of(directory, "writing " + FILE, refused);
            try {
                if (!holds(now.lastRun())) {
                    disk.deleteIfThere(file);
                }
            } catch (IOException alsoRefused) {
                failure.addSuppressed(alsoRefused);
            }
            throw failure;
        }
    }

    private boolean holds(@Nullable LastRun run) {
        try {
            return disk.exists(file) && Objects.equals(content().lastRun(), run);
        } catch (IOException | JacksonException unreadable) {
            return false;
        }
    }

    private record Content(
            int version,
            @Nullable LastRun lastRun,
            @Nullable NotedMarks noted,
            @Nullable List<OpenUpload> uploads,
            @Nullable List<CopyingSince> copying,
            @Nullable SnapshotName heartbeat,
            @Nullable DrillNotes drills) {}
}
