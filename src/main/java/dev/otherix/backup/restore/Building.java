package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A member's data directory that has no name yet: {@code member/snap} and {@code member/wal}. A locked file in it tells
 * others that it is being built; the system ends the lock with the process.
 */
final class Building implements AutoCloseable {

    /** Beside the database: two files of the log, as etcd makes them. */
    static final long LOG_BYTES = 2L * WriteAheadLog.BYTES;

    private static final String DATABASE = "db";
    private static final String LOCK = ".otherix-etcd-backup.restore";
    private static final String SNAP = "snap";
    private static final String WAL = "wal";
    private static final int CHUNK = 1 << 20;

    private final DirectoryHandle around;
    private final String name;
    private final DirectoryHandle root;
    private final FileChannel lock;
    private final DirectoryHandle member;
    private final DirectoryHandle snap;
    private final DirectoryHandle wal;
    private boolean named;

    private Building(DirectoryHandle around, String name, DirectoryHandle root, FileChannel lock) throws IOException {
        this.around = around;
        this.name = name;
        this.root = root;
        this.lock = lock;
        this.member = root.make(DataDirectory.MEMBER);
        this.snap = member.make(SNAP);
        this.wal = member.make(WAL);
    }

    static Building begin(DirectoryHandle around, String name) throws IOException {
        if (around.has(name)) {
            removeLeftover(around, name);
        }
        var root = around.make(name);
        try {
            var lock = root.create(LOCK);
            try {
                // another restore holds it where it took this one for a leftover, and removes it
                if (lock.tryLock() == null || !around.isStill(name, root)) {
                    throw inUse(around, name);
                }
                return new Building(around, name, root, lock);
            } catch (IOException | RuntimeException refused) {
                lock.close();
                throw refused;
            }
        } catch (IOException | RuntimeException refused) {
            try (root) {
                if (refused instanceof IOException && around.isStill(name, root)) {
                    removeAll(around, name, root);
                }
            }
            throw refused;
        }
    }

    /** The lock goes last: a directory without it is nobody's. */
    private static void removeAll(DirectoryHandle around, String name, DirectoryHandle root) throws IOException {
        for (var entry : root.names()) {
            if (!entry.equals(LOCK)) {
                root.remove(entry);
            }
        }
        root.remove(LOCK);
        around.remove(name);
    }

    private static Refused inUse(DirectoryHandle around, String name) {
        return new Refused(
                "another restore is building " + around.shown().resolve(name), "Wait until it has ended, or stop it.");
    }

    private static void removeLeftover(DirectoryHandle around, String name) throws IOException {
        var shown = around.shown().resolve(name);
        if (!around.isDirectory(name)) {
            throw new Refused(shown + " is there, and is no directory", "Move it away: a restore builds there.");
        }
        try (var left = around.open(name)) {
            if (left.names().isEmpty()) {
                // whoever made it had no time to lock it
                around.remove(name);
                return;
            }
            if (!left.has(LOCK)) {
                throw new Refused(
                        shown + " is there, and no restore has made it", "Move it away: a restore builds there.");
            }
            if (!left.isFile(LOCK)) {
                throw new Refused(
                        shown.resolve(LOCK) + " is no file, so no restore has made it",
                        "Move " + shown + " away: a restore builds there.");
            }
            try (var file = FileChannel.open(
                            left.entry(LOCK), Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
                    var unused = file.tryLock()) {
                if (unused == null || !around.isStill(name, left)) {
                    throw inUse(around, name);
                }
                removeAll(around, name, left);
            } catch (OverlappingFileLockException ours) {
                throw inUse(around, name);
            }
        }
    }

    /** The database, to be written. */
    FileChannel database() throws IOException {
        return snap.create(DATABASE);
    }

    /** The database, to be read. */
    FileChannel reopenDatabase() throws IOException {
        return snap.read(DATABASE);
    }

    /** Writes the log and the snapshot of Raft, and reads them again; {@link #sync} syncs them. */
    void writeRaft(InitialCluster cluster, InitialCluster.Member own) throws IOException {
        write(wal, WriteAheadLog.NAME, WriteAheadLog.records(cluster, own), WriteAheadLog.BYTES);
        var snapshot = RaftSnapshot.content(cluster);
        write(snap, RaftSnapshot.name(cluster), snapshot, snapshot.length);
    }

    /** Zeros follow the content up to the length, so that the space is there. */
    private static void write(DirectoryHandle directory, String name, byte[] content, int length) throws IOException {
        try (var file = directory.create(name)) {
            write(file, ByteBuffer.wrap(content));
            for (var left = length - content.length; left > 0; left = length - (int) file.position()) {
                write(file, ByteBuffer.allocate(Math.min(left, CHUNK)));
            }
            var read = ByteBuffer.allocate(content.length);
            file.position(0);
            while (read.hasRemaining() && file.read(read) >= 0) {
                // until its end
            }
            if (!Arrays.equals(read.array(), content) || file.size() != length) {
                throw new IOException(name + " was not written as it has to be");
            }
        }
    }

    private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** Gives all of it to another user; from then on it has that user's rights. */
    void give(Owner owner) throws IOException {
        root.give(owner);
    }

    /** Syncs all of it, also who has it now. */
    void sync() throws IOException {
        for (var directory : List.of(wal, snap)) {
            for (var file : directory.names()) {
                try (var written = directory.read(file)) {
                    written.force(true);
                }
            }
        }
        wal.sync();
        snap.sync();
        member.sync();
        root.sync();
    }

    /** Gives it its name, or the member in it. */
    void rename(boolean memberOnly, DirectoryHandle into, String newName) throws IOException {
        if (!around.isStill(name, root)) {
            throw replaced("while it was built");
        }
        if (memberOnly) {
            root.rename(DataDirectory.MEMBER, into, newName);
        } else {
            around.rename(name, into, newName);
        }
        named = true;
        if (!into.isStill(newName, memberOnly ? member : root)) {
            throw replaced("while it got its name");
        }
    }

    private FileSystemException replaced(String when) {
        return new FileSystemException(
                root.shown().toString(), null, "another program replaced " + root.shown() + " " + when);
    }

    /** Removes what only the building needed. */
    void unlock(boolean memberOnly, DirectoryHandle from) throws IOException {
        root.remove(LOCK);
        if (memberOnly) {
            from.remove(name);
        }
    }

    /** Removes it if it has no name. */
    @Override
    public void close() {
        OnTarget.run(() -> {
            try (root;
                    member;
                    snap;
                    wal;
                    lock) {
                if (!named && around.isStill(name, root)) {
                    removeAll(around, name, root);
                }
            }
        });
    }
}
