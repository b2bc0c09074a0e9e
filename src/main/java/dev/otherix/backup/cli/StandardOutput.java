package dev.otherix.backup.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The output for results. If the reader of a pipe has read enough and closed it, like {@code head}, that is not an
 * error. A full disk is one.
 */
public final class StandardOutput extends PrintWriter {

    private static final Path DESCRIPTOR = Path.of("/proc/self/fd/1");

    public StandardOutput() {
        super(System.out, true);
    }

    @Override
    public boolean checkError() {
        return super.checkError() && !isPipe();
    }

    /** A pipe accepts everything as long as it has a reader. */
    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(DESCRIPTOR).toString().matches("(pipe|socket):.*");
        } catch (IOException | UnsupportedOperationException notTold) {
            return false;
        }
    }
}
