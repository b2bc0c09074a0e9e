package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A small file system in memory, so that a disk can be really full. Mounting it usually takes root. */
public final class Tmpfs implements AutoCloseable {

    private final Path directory;

    private Tmpfs(Path directory) {
        this.directory = directory;
    }

    /** @throws IllegalStateException when this process may not mount one; see {@link NeedsTmpfs} */
    public static Tmpfs mount(int megabytes) {
        try {
            var directory = Files.createTempDirectory("tmpfs-");
            try {
                Command.of("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", directory.toString())
                        .output();
                return new Tmpfs(directory);
            } catch (RuntimeException refused) {
                Files.delete(directory);
                throw refused;
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make a directory to mount on", cause);
        }
    }

    /** Why none can be mounted here, empty when one can. */
    static Optional<String> missing() {
        try (var _ = mount(1)) {
            return Optional.empty();
        } catch (IllegalStateException | UncheckedIOException refused) {
            return Optional.of("needs to mount a tmpfs (as root): "
                    + String.valueOf(refused.getMessage()).strip());
        }
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** Unmounts it; what was in it is gone. */
    @Override
    public void close() {
        Command.of("umount", "--lazy", directory.toString()).output();
        try {
            Files.delete(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot remove " + directory, cause);
        }
    }
}
