package dev.otherix.backup.restore;

import dev.otherix.backup.snapshot.DirectoryFailure;
import java.io.IOException;
import java.nio.file.Path;

/** What a drill left cannot be removed. */
final class NotRemoved extends IOException {

    /** @param left where it is */
    NotRemoved(Path left, IOException refused) {
        super(DirectoryFailure.words(refused) + fix(left, refused), refused);
    }

    /** Another user may drill there, such as root, so what runs there is not known. */
    private static String fix(Path left, IOException refused) {
        return refused instanceof NotEnded
                ? "; check that disk"
                : ". If no drill runs there, remove it: sudo rm -r " + ShellWord.of(left);
    }
}
