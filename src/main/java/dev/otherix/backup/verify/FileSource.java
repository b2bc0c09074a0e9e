package dev.otherix.backup.verify;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** The file to verify, for one who need not know where it is. It is opened once by each thread that reads it. */
@FunctionalInterface
public interface FileSource {

    /** Opens it for reading. The caller closes what it gets. */
    FileChannel open() throws IOException;
}
