package dev.otherix.backup.history;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import org.jspecify.annotations.Nullable;

/**
 * A lock that shows others that a process still writes a file; the system releases it when the process dies. It only
 * protects the file from the cleaning of others, so a file system without locks is no reason to refuse: there nothing
 * shows that a file is a leftover, and each is kept.
 */
final class UseLock {

    private UseLock() {}

    /** Asks the file system for the lock. */
    interface Attempt {

        @Nullable
        FileLock tryLock() throws IOException;
    }

    /** Whether it was taken, so nobody else uses the file. It is released when the channel is closed. */
    static boolean taken(Attempt attempt) {
        try {
            return attempt.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            return false;
        } catch (IOException withoutLocks) {
            return false;
        }
    }
}
