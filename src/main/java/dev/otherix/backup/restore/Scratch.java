package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one drill, in the scratch directory that a person names. When it is closed, everything that was
 * started for the drill has ended, and it is gone. What a killed drill left is ended and removed by the next.
 */
final class Scratch implements AutoCloseable {

    static final String NAME = ".otherix-etcd-backup.drill";

    private static final String NOTE = "note.json";
    private static final LockedDirectory.Kind DRILL = new LockedDirectory.Kind("drill", "lock", Scratch::endLeft);

    private final DirectoryHandle around;
    private final LockedDirectory own;
    private @Nullable ChildNote note;

    private Scratch(DirectoryHandle around, LockedDirectory own) {
        this.around = around;
        this.own = own;
    }

    /**
     * Makes it.
     *
     * @param place the scratch directory
     * @throws Refused if another drill runs there, or something else has its name
     * @throws NotRemoved if what a killed one left cannot be removed
     */
    static Scratch begin(Path place) throws IOException {
        var around = TrustedWay.to(place.toAbsolutePath().normalize());
        try {
            removeLeft(around);
            return new Scratch(around, LockedDirectory.begin(around, NAME, DRILL));
        } catch (IOException | RuntimeException refused) {
            around.close();
            throw refused;
        }
    }

    /**
     * Removes what a killed drill left.
     *
     * @return whether there was something
     * @throws Refused if a drill runs there, or something else has its name
     * @throws NotRemoved if it cannot be removed
     */
    static boolean removeLeft(Path place) throws IOException {
        try (var around = TrustedWay.to(place.toAbsolutePath().normalize())) {
            return removeLeft(around);
        }
    }

    private static boolean removeLeft(DirectoryHandle around) throws IOException {
        try {
            return LockedDirectory.removeLeft(around, NAME, DRILL);
        } catch (ClosedByInterruptException ended) {
            throw ended;
        } catch (IOException refused) {
            throw new NotRemoved(around.shown().resolve(NAME), refused);
        }
    }

    private static void endLeft(DirectoryHandle left) throws IOException {
        var noted = ChildNote.read(left, NOTE);
        if (noted.isPresent()) {
            ChildProcesses.end(noted.get());
        }
    }

    DirectoryHandle handle() {
        return own.handle();
    }

    /** Where it is. */
    Path path() {
        return handle().shown();
    }

    long usableBytes() {
        return around.usableBytes();
    }

    /** Has to be called before a program is started. */
    void note(ChildNote started) throws IOException {
        started.write(handle(), NOTE);
        note = started;
    }

    @Override
    public void close() {
        OnTarget.run(() -> {
            try (around;
                    own) {
                if (note != null) {
                    ChildProcesses.end(note);
                }
                remove();
            }
        });
    }

    private void remove() throws IOException {
        try {
            own.remove();
        } catch (IOException refused) {
            throw new NotRemoved(path(), refused);
        }
    }
}
