package dev.otherix.backup.realetcd;

import java.nio.file.Path;

/**
 * A directory of a mounted file system under a second path, to which it comes and from which it goes. See
 * {@link NeedsTmpfs}.
 */
public final class BindMount implements AutoCloseable {

    private final Path to;

    private BindMount(Path to) {
        this.to = to;
    }

    /** What is in {@code to} is hidden until it is closed. */
    public static BindMount of(Path from, Path to) {
        Command.of("mount", "--bind", from.toString(), to.toString()).output();
        return new BindMount(to);
    }

    /** Unmounts it; what is in it stays where it is. */
    @Override
    public void close() {
        Command.of("umount", "--lazy", to.toString()).output();
    }
}
