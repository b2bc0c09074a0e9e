package dev.otherix.backup.job;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Remembers the last run of this process. */
public final class RunHistory implements RunListener {

    private volatile @Nullable BackupRun last;

    @Override
    public void ended(BackupRun run) {
        last = run;
    }

    public Optional<BackupRun> last() {
        return Optional.ofNullable(last);
    }
}
