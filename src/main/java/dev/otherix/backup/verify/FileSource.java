package dev.otherix.backup.verify;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** The file to verify, without its path. Each thread that reads it opens it once. */
@FunctionalInterface
public interface FileSource {

    /** Opens it for reading. The caller closes the channel. */
    FileChannel open() throws IOException;
}
