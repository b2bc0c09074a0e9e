package dev.otherix.backup.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where results go. A pipe whose reader has read enough and gone, as {@code head} does, is no error: all that was
 * wanted is printed. A full disk is one.
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

    /** A pipe takes everything for as long as somebody reads. */
    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(DESCRIPTOR).toString().matches("(pipe|socket):.*");
        } catch (IOException | UnsupportedOperationException notTold) {
            return false;
        }
    }
}
