package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tests at start what snapshots need of a file system. A difference that is safe is a remark; one that is not safe is
 * refused with its reason. A full disk is not refused, because that is temporary.
 */
public final class FileSystemProbe {

    static final String FILE = ".otherix-etcd-backup.probe";

    private static final Set<PosixFilePermission> OPEN = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path directory;
    private final Disk disk;
    private final List<String> remarks = new ArrayList<>();

    private FileSystemProbe(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    /**
     * Reports how the file system of {@code directory} differs from others, and refuses one where snapshots would not
     * be safe.
     */
    static List<String> of(Path directory, Disk disk) throws IOException {
        var probe = new FileSystemProbe(directory, disk);
        try {
            probe.file(directory.resolve(FILE));
        } catch (IOException broken) {
            if (!SystemError.NO_SPACE.is(broken) && !SystemError.OVER_QUOTA.is(broken)) {
                throw broken;
            }
        }
        probe.space();
        return List.copyOf(probe.remarks);
    }

    /**
     * Makes and removes a file in {@code directory}, or where it would be made, so that a file system that hangs does
     * so here. An error is not reported: the code that opens the directory meets it too.
     */
    public static void ask(Path directory) {
        var disk = new Disk();
        try {
            var there = directory.toAbsolutePath();
            while (!disk.isDirectory(there) && there.getParent() != null) {
                there = there.getParent();
            }
            // another name than that of a test, which another instance may run now
            var file = there.resolve(FILE + ".answer");
            disk.deleteIfThere(file);
            disk.createNew(file).close();
            disk.deleteIfThere(file);
        } catch (IOException refused) {
            // not a hang
        }
    }

    private void file(Path file) throws IOException {
        disk.deleteIfThere(file);
        try (var channel = disk.createNew(file)) {
            mode(file);
            channel.write(ByteBuffer.wrap(new byte[1]));
            sync(channel);
            mapping(file);
        } finally {
            disk.deleteIfThere(file);
        }
        try {
            disk.syncDirectory(directory);
        } catch (IOException refused) {
            if (!SystemError.cannotSync(refused)) {
                throw refused;
            }
            remarks.add("the file system of " + directory + " does not sync directories ("
                    + DirectoryFailure.words(refused) + "): after a power failure the newest snapshot may be missing");
        }
    }

    private void sync(FileChannel channel) throws IOException {
        try {
            disk.force(channel, true);
        } catch (IOException refused) {
            if (!SystemError.cannotSync(refused)) {
                throw refused;
            }
            throw new DirectoryFailure(
                    DirectoryFailure.Reason.BROKEN,
                    directory,
                    "the file system of the snapshot directory does not sync files (" + DirectoryFailure.words(refused)
                            + "), so a snapshot there would not survive a power failure",
                    0,
                    refused);
        }
    }

    private void mapping(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            try {
                channel.map(FileChannel.MapMode.READ_ONLY, 0, 1);
            } catch (IOException refused) {
                remarks.add(
                        "the file system of " + directory + " does not map files (" + DirectoryFailure.words(refused)
                                + "): snapshots are read instead, which takes a little longer");
            }
        }
    }

    private void space() throws IOException {
        if (disk.totalSpace(directory) == 0) {
            remarks.add("the file system of " + directory
                    + " does not say how much space it has: directory.reserve is not kept free,"
                    + " and a run that does not fit fails when the disk is full");
        }
    }

    private void mode(Path file) throws IOException {
        var view = Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            return;
        }
        var mode = EnumSet.noneOf(PosixFilePermission.class);
        mode.addAll(view.readAttributes().permissions());
        if (mode.stream().noneMatch(OPEN::contains)) {
            return;
        }
        var closed = closedAbove(directory.toRealPath());
        if (closed == null) {
            throw new DirectoryFailure(
                    DirectoryFailure.Reason.EXPOSED,
                    directory,
                    "the file system of the snapshot directory ignores file modes: a new"
                            + " file there can be read by other users, and a snapshot holds the cluster CA's private key");
        }
        remarks.add("the file system of " + directory + " ignores file modes; other users are kept out by the mode of "
                + closed + " alone");
    }

    /** The nearest directory at or above {@code path} that only its owner can enter; null if there is none. */
    private static @Nullable Path closedAbove(Path path) throws IOException {
        for (var at = path; at != null; at = at.getParent()) {
            var mode = Files.getPosixFilePermissions(at);
            if (!mode.contains(PosixFilePermission.GROUP_EXECUTE)
                    && !mode.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return at;
            }
        }
        return null;
    }
}
