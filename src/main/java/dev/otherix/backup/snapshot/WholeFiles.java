package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Objects;

/** Puts files in place whole: after a crash or an error, a name belongs to a complete file or to none. */
record WholeFiles(Disk disk) {

    /**
     * Writes {@code file} so that a crash at any moment leaves the old one whole or the new one whole.
     *
     * @param temporary its name until it is complete, in the same directory
     */
    void write(Path file, Path temporary, byte[] content) throws IOException {
        disk.deleteIfThere(temporary);
        try (var channel = disk.createNew(temporary)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            disk.force(channel, true);
            disk.replace(temporary, file);
        } catch (IOException broken) {
            disk.discard(temporary);
            throw broken;
        }
        disk.forceDirectory(Objects.requireNonNull(file.getParent(), "a file is in a directory"));
    }

    /**
     * Gives {@code from} the name {@code to}; never replaces an existing file. The old name may stay, as a second one
     * of the same file, for the caller to delete.
     */
    void nameNew(Path from, Path to) throws IOException {
        try {
            disk.link(from, to);
        } catch (UnsupportedOperationException | IOException refused) {
            // if the answer was lost and the call repeated, it returns "exists" or an error although the link was made
            if (isSameFile(from, to)) {
                return;
            }
            if (refused instanceof FileAlreadyExistsException || disk.exists(to)) {
                throw new FileAlreadyExistsException(to.toString());
            }
            if (refused instanceof IOException failed && !(refused instanceof FileSystemException)) {
                throw failed;
            }
            // a file system without hard links
            disk.replace(from, to);
        }
    }

    private boolean isSameFile(Path a, Path b) {
        try {
            var key = disk.attributes(a).fileKey();
            return key != null && key.equals(disk.attributes(b).fileKey());
        } catch (IOException oneIsMissing) {
            return false;
        }
    }
}
