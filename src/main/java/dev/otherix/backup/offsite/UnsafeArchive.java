package dev.otherix.backup.offsite;

import java.io.IOException;

/** An archive that is whole, but has what no archive of this program has: a planted one. */
final class UnsafeArchive extends IOException {

    private static final long serialVersionUID = 1L;

    UnsafeArchive(String problem) {
        super(problem);
    }
}
