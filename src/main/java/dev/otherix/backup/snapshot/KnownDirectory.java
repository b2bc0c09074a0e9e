package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records outside a directory of snapshots which directory it was, because a volume that is missing at boot leaves an
 * empty or older directory under the same path. It records only directories on another file system, because the loss of
 * one must not take the other with it. The record is compared wherever the directory is now. Never throws at start: a
 * read or write error is a remark, and then nothing is known.
 */
public final class KnownDirectory {

    static final String ID_FILE = ".otherix-etcd-backup.id";
    static final String NOTE_FILE = "directory.json";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final int LONGEST = 64 << 10;

    private final SnapshotDirectory directory;
    private final Path state;
    private final Disk disk;
    private final List<String> remarks = new ArrayList<>();
    private @Nullable String unchecked;
    private @Nullable Note noted;
    private volatile @Nullable String gone;
    private boolean emptyAtStart;

    private KnownDirectory(SnapshotDirectory directory, Path state, Disk disk) {
        this.directory = directory;
        this.state = state;
        this.disk = disk;
    }

    /** Compares {@code directory} with its record in {@code state} and, if they match, records it there. */
    public static KnownDirectory of(SnapshotDirectory directory, StateDirectory state) {
        return of(directory, state, new Disk());
    }

    static KnownDirectory of(SnapshotDirectory directory, StateDirectory state, Disk disk) {
        var known = new KnownDirectory(directory, state.path(), disk);
        known.begin();
        return known;
    }

    private void begin() {
        emptyAtStart = newest().isEmpty();
        if (directory.made() || emptyAtStart) {
            remarks.add(
                    directory.path() + (directory.made() ? " was missing and has been created" : " holds no snapshot")
                            + "; if a volume belongs there, mount it and restart the service");
        }
        try {
            noted = read();
            gone = noted == null ? null : why(noted);
        } catch (IOException | JacksonException unreadable) {
            remarks.add(noteFile() + " cannot be read (" + words(unreadable) + "): this start cannot check whether "
                    + directory.path() + " is the directory that was there before");
        }
        if (gone == null) {
            try {
                remember(noted == null ? null : noted.id());
            } catch (IOException refused) {
                unchecked = "cannot record in " + noteFile() + " which directory " + directory.path() + " is ("
                        + words(refused) + "): the next start cannot check whether its volume is missing";
            }
        }
    }

    /** Remarks on this start for an operator, each in a sentence. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** Why the next start cannot recognize a wrong directory; empty if it can. */
    public synchronized Optional<String> unchecked() {
        return Optional.ofNullable(unchecked);
    }

    /** Why this is not the directory of an earlier start, and what to do; empty if it is, as far as known. */
    public Optional<String> gone() {
        return Optional.ofNullable(gone);
    }

    /** Whether it is another directory that already held snapshots: they may belong to another service. */
    public boolean maybeOthers() {
        return gone != null && !emptyAtStart;
    }

    /** Records which snapshot is the newest now. One that disappeared without this process stays recorded. */
    public synchronized void note() {
        var before = noted;
        if (gone != null || before == null) {
            return;
        }
        try {
            var newest = newest();
            if (!Objects.equals(before.newest(), text(newest))
                    && (newest.isPresent() || directory.movements().vanished() == 0)) {
                remember(before.id());
            }
        } catch (DirectoryFailure unusable) {
            // the directory's own state shows it
        } catch (IOException refused) {
            throw DirectoryFailure.of(state, "writing " + NOTE_FILE, refused);
        }
    }

    /** Accepts the current directory as the right one. */
    public synchronized void accept() {
        gone = null;
        try {
            remember(null);
        } catch (IOException refused) {
            throw DirectoryFailure.of(state, "writing " + NOTE_FILE, refused);
        }
    }

    /** What {@code before} has and the directory lacks, in words; null if nothing. */
    private @Nullable String why(Note before) throws IOException {
        var id = id();
        var same = id.equals(Optional.of(before.id()));
        var newest = Optional.ofNullable(before.newest()).flatMap(SnapshotName::parse);
        if (same
                ? newest.isEmpty() || holdsUpTo(newest.get())
                : id.isEmpty() && newest.flatMap(directory::find).isPresent()) {
            return null;
        }
        var known = newest.map(name -> "; the newest known snapshot is " + name).orElse("");
        return (same
                        ? "the known snapshots in " + directory.path() + " are gone"
                        : "the directory " + directory.path() + " is not the one that was there before: its file "
                                + ID_FILE + (id.isEmpty() ? " is missing" : " has another id"))
                + known
                + ". Mount the right volume, or bring the snapshots back, and restart the service. To go on in this "
                + "directory, run:"
                + " otherix-etcd-backup snapshot --pin";
    }

    /**
     * Retention may have removed the newest since it was noted only when newer ones came, but older ones may be left.
     */
    private boolean holdsUpTo(SnapshotName newest) {
        return directory.find(newest).isPresent()
                || directory.olderThan(newest).findFirst().isPresent();
    }

    /** @param idBefore the id to use if the directory has none; null for a new one */
    private void remember(@Nullable String idBefore) throws IOException {
        disk.makeDirectories(state);
        if (device(state).equals(device(directory.path()))) {
            disk.deleteIfThere(noteFile());
            noted = null;
            unchecked = directory.path() + " is on the same file system as " + state
                    + ", where the service keeps its own files: it cannot"
                    + " check at a start whether a volume is missing";
            return;
        }
        var id = id().orElse(null);
        if (id == null) {
            id = idBefore == null ? UUID.randomUUID().toString() : idBefore;
            write(directory.path().resolve(ID_FILE), (id + "\n").getBytes(StandardCharsets.UTF_8));
        }
        var now = new Note(path(), id, text(newest()));
        if (!now.equals(noted)) {
            write(noteFile(), JSON.writeValueAsBytes(now));
            noted = now;
        }
        unchecked = null;
    }

    private void write(Path file, byte[] content) throws IOException {
        new WholeFiles(disk).write(file, file.resolveSibling(file.getFileName() + ".tmp"), content);
    }

    /** Null if nothing is recorded for this path. */
    private @Nullable Note read() throws IOException {
        if (!disk.exists(noteFile())) {
            return null;
        }
        var read = JSON.readValue(disk.readUpTo(LONGEST, noteFile()), Note.class);
        if (read == null || read.path() == null || read.id() == null) {
            throw new IOException("it is damaged");
        }
        return read.path().equals(path()) ? read : null;
    }

    private Optional<String> id() throws IOException {
        var file = directory.path().resolve(ID_FILE);
        return disk.isFile(file)
                ? Optional.of(new String(disk.readUpTo(LONGEST, file), StandardCharsets.UTF_8).strip())
                        .filter(id -> !id.isEmpty())
                : Optional.empty();
    }

    private Optional<SnapshotName> newest() {
        return directory.newestFirst().findFirst().map(Snapshot::name);
    }

    private String path() {
        return directory.path().toAbsolutePath().normalize().toString();
    }

    private Path noteFile() {
        return state.resolve(NOTE_FILE);
    }

    private static @Nullable String text(Optional<SnapshotName> name) {
        return name.map(SnapshotName::toString).orElse(null);
    }

    private static String words(Exception cause) {
        return cause instanceof IOException broken ? DirectoryFailure.words(broken) : "it is damaged";
    }

    private static Object device(Path path) throws IOException {
        return Files.getAttribute(path, "unix:dev");
    }

    /**
     * The record in the state directory. @param id the id in the directory's own file
     *
     * @param newest name of its newest snapshot, null without one
     */
    record Note(String path, String id, @Nullable String newest) {}
}
