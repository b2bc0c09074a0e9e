package dev.otherix.backup.snapshot;

import java.time.Duration;

/** Notes that cannot be written fail the test. */
public final class LoudNotes implements StateNotes.Trouble {

    @Override
    public void refused(DirectoryFailure why) {
        throw new AssertionError(why);
    }

    @Override
    public void unforeseen(Throwable why) {
        throw new AssertionError(why);
    }

    @Override
    public void late(StateFile file, Duration limit) {
        throw new AssertionError(file.path() + " was not written within " + limit);
    }
}
