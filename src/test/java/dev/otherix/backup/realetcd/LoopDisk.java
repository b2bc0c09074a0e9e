package dev.otherix.backup.realetcd;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A disk of its own, an ext4 in a file, that can be frozen: then it answers reads, and no change returns until it is
 * thawed. Needs root. A shell thaws it when this process is gone, or after a while, because a frozen disk holds up
 * every {@code sync} of this machine.
 */
public final class LoopDisk implements AutoCloseable {

    private static final String FREEZE = """
            read go || exit 0
            fsfreeze --freeze "$0" && echo frozen
            timeout 120 cat >/dev/null
            exec fsfreeze --unfreeze "$0"
            """;

    private static final int SECTOR = 512;

    private final Path image;
    private final Path directory;
    private Process shell;

    private LoopDisk(Path image, Path directory) throws IOException {
        this.image = image;
        this.directory = directory;
        this.shell = shell();
    }

    public static LoopDisk mount(int megabytes) {
        try {
            var image = Files.createTempFile("loop-disk-", ".img");
            var directory = Files.createTempDirectory("loop-disk-");
            Command.of("truncate", "--size", megabytes + "M", image.toString()).output();
            Command.of("mkfs.ext4", "-q", "-F", image.toString()).output();
            Command.of("mount", "-o", "loop", image.toString(), directory.toString())
                    .output();
            return new LoopDisk(image, directory);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make a disk", cause);
        }
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /**
     * Changes some bytes of a file on the disk itself, behind the back of the system, which may still have them in
     * memory.
     *
     * @param content of the file, unlike all else on the disk
     * @param offset of the first byte to change
     */
    public void change(byte[] content, int offset, int count) {
        try (var disk = FileChannel.open(image, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var wanted = ByteBuffer.wrap(content, offset, count);
            var found = ByteBuffer.allocate(count);
            for (long at = 0; at + count <= disk.size(); at += SECTOR) {
                disk.read(found.clear(), at);
                if (found.flip().equals(wanted)) {
                    disk.write(ByteBuffer.allocate(count), at);
                    disk.force(true);
                    return;
                }
            }
            throw new IllegalStateException("the disk does not have these bytes");
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot change " + image, cause);
        }
    }

    /** Freezes it, within a few milliseconds. */
    public void freeze() {
        try {
            shell.outputWriter().write("go\n");
            shell.outputWriter().flush();
            if (!"frozen".equals(answer())) {
                throw new IllegalStateException("cannot freeze " + directory);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot freeze " + directory, cause);
        }
    }

    /** Of the shell as it is now: its stream is closed with it. */
    @SuppressWarnings("MustBeClosedChecker")
    private String answer() throws IOException {
        BufferedReader lines = shell.inputReader();
        return lines.readLine();
    }

    /** Thaws it; one that is not frozen stays as it is. */
    public void thaw() {
        end();
        try {
            shell = shell();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot start a shell", cause);
        }
    }

    private Process shell() throws IOException {
        // started ahead: a moment to freeze at is short
        return new ProcessBuilder("sh", "-c", FREEZE, directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void end() {
        try {
            shell.outputWriter().close();
            shell.waitFor();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot thaw " + directory, cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Thaws and unmounts it; what was in it is gone. */
    @Override
    public void close() {
        end();
        Command.of("umount", "--lazy", directory.toString()).output();
        try {
            Files.delete(directory);
            Files.delete(image);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot remove " + directory, cause);
        }
    }
}
