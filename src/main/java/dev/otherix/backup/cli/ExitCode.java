package dev.otherix.backup.cli;

/** What a command's exit code says to a script. */
final class ExitCode {

    /** What was asked for is there. */
    static final int DONE = 0;
    /** It is not there. */
    static final int FAILED = 1;
    /** The arguments or the configuration are wrong; nothing was tried. */
    static final int USAGE = 2;
    /** What was to be looked at could not be read, so nothing is known about it. */
    static final int NOT_READ = 2;

    /** What was looked at is good, by one meta page only: the last write may be missing. */
    static final int ONE_META = 3;
    /** The service answers, and there is nothing to say yet. */
    static final int UNKNOWN = 3;

    private ExitCode() {}
}
