package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A directory that one process works in: a locked file in it shows that to others, and the system ends the lock with
 * the process. What a killed one left is removed by the next.
 */
final class LockedDirectory implements AutoCloseable {

    private final DirectoryHandle around;
    private final String name;
    private final Kind kind;
    private final DirectoryHandle handle;
    private final FileChannel lock;

    private LockedDirectory(DirectoryHandle around, String name, Kind kind, DirectoryHandle handle, FileChannel lock) {
        this.around = around;
        this.name = name;
        this.kind = kind;
        this.handle = handle;
        this.lock = lock;
    }

    /**
     * What works there.
     *
     * @param word for messages
     * @param lock the name of the file
     * @param recovery done with what a killed one left, before it is removed
     */
    record Kind(String word, String lock, Recovery recovery) {}

    /** Looks at what a killed process left. */
    interface Recovery {

        void of(DirectoryHandle left) throws IOException;
    }

    /**
     * Makes it.
     *
     * @throws Refused if another process works there, or something else is there
     */
    static LockedDirectory begin(DirectoryHandle around, String name, Kind kind) throws IOException {
        removeLeft(around, name, kind);
        var made = around.make(name);
        try {
            var lock = made.create(kind.lock());
            try {
                // another process holds it where it took this one for a leftover, and removes it
                if (lock.tryLock() == null || !around.isStill(name, made)) {
                    throw inUse(around, name, kind);
                }
                return new LockedDirectory(around, name, kind, made, lock);
            } catch (IOException | RuntimeException refused) {
                lock.close();
                throw refused;
            }
        } catch (IOException | RuntimeException refused) {
            try (made) {
                if (refused instanceof IOException && around.isStill(name, made)) {
                    removeAll(around, name, made, kind);
                }
            }
            throw refused;
        }
    }

    private static Refused inUse(DirectoryHandle around, String name, Kind kind) {
        return new Refused(
                "another " + kind.word() + " is building " + around.shown().resolve(name),
                "Wait until it has ended, or stop it.");
    }

    /**
     * Removes what a killed process left.
     *
     * @return whether there was something
     * @throws Refused if another process works there, or something else is there
     */
    static boolean removeLeft(DirectoryHandle around, String name, Kind kind) throws IOException {
        if (!around.has(name)) {
            return false;
        }
        var shown = around.shown().resolve(name);
        var fix = "Move " + shown + " away: a " + kind.word() + " builds there.";
        if (!around.isDirectory(name)) {
            throw new Refused(shown + " is there, and is no directory", fix);
        }
        try (var left = around.open(name)) {
            if (left.names().isEmpty()) {
                // whoever made it had no time to lock it
                around.remove(name);
                return true;
            }
            if (!left.has(kind.lock())) {
                throw new Refused(shown + " is there, and no " + kind.word() + " has made it", fix);
            }
            if (!left.isFile(kind.lock())) {
                throw new Refused(
                        shown.resolve(kind.lock()) + " is no file, so no " + kind.word() + " has made it", fix);
            }
            try (var file = FileChannel.open(
                            left.entry(kind.lock()), Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
                    var unused = file.tryLock()) {
                if (unused == null || !around.isStill(name, left)) {
                    throw inUse(around, name, kind);
                }
                kind.recovery().of(left);
                removeAll(around, name, left, kind);
                return true;
            } catch (OverlappingFileLockException ours) {
                throw inUse(around, name, kind);
            }
        }
    }

    /** The lock goes last: a directory without it is nobody's. */
    private static void removeAll(DirectoryHandle around, String name, DirectoryHandle directory, Kind kind)
            throws IOException {
        for (var entry : directory.names()) {
            if (!entry.equals(kind.lock())) {
                directory.remove(entry);
            }
        }
        directory.remove(kind.lock());
        around.remove(name);
    }

    DirectoryHandle handle() {
        return handle;
    }

    String name() {
        return name;
    }

    /** Whether nobody has put another in its place. */
    boolean isStill() {
        return around.isStill(name, handle);
    }

    void rename(DirectoryHandle into, String newName) throws IOException {
        around.rename(name, into, newName);
    }

    void removeLock() throws IOException {
        handle.remove(kind.lock());
    }

    /** Removes it with all that is in it. */
    void remove() throws IOException {
        if (isStill()) {
            removeAll(around, name, handle, kind);
        }
    }

    /** Removes and closes it, because something failed; what fails then is added to that. */
    void removeAfter(Exception failure) {
        try (this) {
            remove();
        } catch (IOException again) {
            failure.addSuppressed(again);
        }
    }

    /** Ends the lock. Removes nothing. */
    @Override
    public void close() throws IOException {
        try (handle;
                lock) {
            // both, also where one fails
        }
    }
}
