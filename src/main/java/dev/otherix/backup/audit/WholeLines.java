package dev.otherix.backup.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Appends lines to a file, each whole or not at all. Never throws: a line that is refused is counted. */
final class WholeLines extends OutputStream {

    private final Path file;
    private final RefusedLines refused;
    private @Nullable FileOutputStream out;
    /** Where the next line begins. */
    private long end;

    WholeLines(Path file, RefusedLines refused) {
        this.file = file;
        this.refused = refused;
    }

    /** Opens the file, and makes it if it is missing. */
    void open() throws IOException {
        opened();
    }

    private FileOutputStream opened() throws IOException {
        var open = out;
        if (open == null) {
            create();
            // not a channel, which the interrupt of a stop would close
            open = new FileOutputStream(file.toFile(), true);
            end = Files.size(file);
            out = open;
        }
        return open;
    }

    private void create() throws IOException {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException there) {
            // is appended to
        }
    }

    @Override
    public void write(int oneByte) {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    @Override
    public void write(byte[] line, int from, int length) {
        try {
            append(line, from, length);
            refused.accepted(file);
        } catch (IOException cause) {
            refused.refused(file, cause);
        }
    }

    private void append(byte[] line, int from, int length) throws IOException {
        var open = opened();
        try {
            open.write(line, from, length);
            end += length;
        } catch (IOException cause) {
            // of a line that does not fit, a full disk takes the beginning
            try (var part = FileChannel.open(file, StandardOpenOption.WRITE)) {
                part.truncate(end);
            } catch (IOException stays) {
                cause.addSuppressed(stays);
            }
            throw cause;
        }
    }

    @Override
    public void close() throws IOException {
        var open = out;
        if (open != null) {
            out = null;
            open.close();
        }
    }
}
