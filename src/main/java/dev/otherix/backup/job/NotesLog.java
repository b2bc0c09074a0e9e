package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.StateFile;
import dev.otherix.backup.snapshot.StateNotes;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that what outlives the process could not be written. */
final class NotesLog implements StateNotes.Trouble {

    private static final Logger LOG = LoggerFactory.getLogger(NotesLog.class);

    @Override
    public void refused(DirectoryFailure why) {
        LOG.warn(
                "cannot record how the last run ended: {}; until that works, a restart knows neither that nor"
                        + " the marks of time since the newest snapshot. The run itself is not affected",
                why.getMessage());
    }

    @Override
    public void unforeseen(Throwable why) {
        LOG.error("recording how the last run ended failed unexpectedly", why);
    }

    @Override
    public void late(StateFile file, Duration limit) {
        LOG.warn(
                "{} was not written within {} s, so the next start does not know how the last run ended",
                file.path(),
                limit.toSeconds());
    }
}
