package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;

/**
 * A member's data directory that has no name yet: {@code member/snap} and {@code member/wal}. A locked file in it tells
 * others that it is being built; the system ends the lock with the process.
 */
final class Building implements AutoCloseable {

    /** Beside the database: two files of the log, as etcd makes them. */
    static final long LOG_BYTES = 2L * WriteAheadLog.BYTES;

    private static final String DATABASE = "db";
    private static final String SNAP = "snap";
    private static final String WAL = "wal";
    private static final int CHUNK = 1 << 20;
    private static final LockedDirectory.Kind RESTORE =
            new LockedDirectory.Kind("restore", ".otherix-etcd-backup.restore", _ -> {});

    private final LockedDirectory place;
    private final DirectoryHandle root;
    private final DirectoryHandle member;
    private final DirectoryHandle snap;
    private final DirectoryHandle wal;
    private boolean named;

    private Building(LockedDirectory place) throws IOException {
        this.place = place;
        this.root = place.handle();
        this.member = root.make(DataDirectory.MEMBER);
        this.snap = member.make(SNAP);
        this.wal = member.make(WAL);
    }

    static Building begin(DirectoryHandle around, String name) throws IOException {
        var root = LockedDirectory.begin(around, name, RESTORE);
        try {
            return new Building(root);
        } catch (IOException refused) {
            root.removeAfter(refused);
            throw refused;
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
        if (!place.isStill()) {
            throw replaced("while it was built");
        }
        if (memberOnly) {
            root.rename(DataDirectory.MEMBER, into, newName);
        } else {
            place.rename(into, newName);
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
        place.removeLock();
        if (memberOnly) {
            from.remove(place.name());
        }
    }

    /** Removes it if it has no name. */
    @Override
    public void close() {
        OnTarget.run(() -> {
            try (place;
                    member;
                    snap;
                    wal) {
                if (!named) {
                    place.remove();
                }
            }
        });
    }
}
