package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** A member that runs holds locks on the files of its log (etcd: client/pkg/fileutil/lock_linux.go). */
final class MemberLocks {

    private MemberLocks() {}

    /** A file of the log that another process has locked; empty if there is none. @param names of the way to the log */
    static Optional<String> held(DirectoryHandle from, List<String> names) throws IOException {
        if (names.isEmpty()) {
            return heldIn(from);
        }
        if (Files.isSymbolicLink(from.entry(names.getFirst()))) {
            var link = from.shown().resolve(names.getFirst());
            throw new Refused(
                    link
                            + " is a link, and a restore follows none, so it cannot see whether a member uses what is there",
                    "Make sure that no member runs, and rename the old data directory yourself.");
        }
        if (!from.isDirectory(names.getFirst())) {
            return Optional.empty();
        }
        try (var inner = from.open(names.getFirst())) {
            return held(inner, names.subList(1, names.size()));
        }
    }

    private static Optional<String> heldIn(DirectoryHandle wal) throws IOException {
        for (var name : wal.names()) {
            if (name.endsWith(".wal") && wal.isFile(name) && isLocked(wal, name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private static boolean isLocked(DirectoryHandle wal, String name) throws IOException {
        try (var log = wal.read(name);
                var lock = log.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (OverlappingFileLockException own) {
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
