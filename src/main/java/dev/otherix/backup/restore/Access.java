package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Whose a file or directory is, and who may do what with it.
 *
 * @param mode the bits of chmod(1)
 */
record Access(int user, int mode) {

    static Access of(Path path, LinkOption... follow) throws IOException {
        return new Access((int) Files.getAttribute(path, "unix:uid", follow), (int)
                Files.getAttribute(path, "unix:mode", follow));
    }

    /** The number of this user. */
    static int me() throws IOException {
        return of(Path.of("/proc/self")).user();
    }

    /** Whether it is root's, or this user's. */
    boolean trusted() throws IOException {
        return user == 0 || user == me();
    }
}
