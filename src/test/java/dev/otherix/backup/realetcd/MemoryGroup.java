package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** A control group that limits memory, below that of this process; version 1 or 2. Needs root. */
public final class MemoryGroup implements AutoCloseable {

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private final Path directory;

    private MemoryGroup(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes it.
     *
     * @throws TestAbortedException if the system does not let this process make one
     */
    public static MemoryGroup limitedTo(long bytes) {
        try {
            for (var line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
                var parts = line.split(":", 3);
                if (List.of(parts[1].split(",")).contains("memory")) {
                    return make(MOUNT.resolve("memory"), parts[2], "memory.limit_in_bytes", bytes);
                }
            }
            var unified =
                    Files.readAllLines(Path.of("/proc/self/cgroup")).getLast().split(":", 3);
            return make(MOUNT, unified[2], "memory.max", bytes);
        } catch (IOException refused) {
            throw new TestAbortedException("no control group for memory can be made: " + refused);
        }
    }

    private static MemoryGroup make(Path mount, String path, String limit, long bytes) throws IOException {
        var own = mount.resolve(path.substring(1));
        var group = Files.createDirectory((Files.isDirectory(own) ? own : mount)
                .resolve("drill-" + ProcessHandle.current().pid()));
        try {
            Files.writeString(group.resolve(limit), String.valueOf(bytes));
            return new MemoryGroup(group);
        } catch (IOException refused) {
            Files.delete(group);
            throw refused;
        }
    }

    /** The file that takes the number of a process which joins. */
    public Path processes() {
        return directory.resolve("cgroup.procs");
    }

    /** Removes it; its processes have ended. */
    @Override
    public void close() {
        try {
            Files.delete(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot remove " + directory, cause);
        }
    }
}
