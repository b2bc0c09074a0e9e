package dev.otherix.backup.cli;

/** The exit codes of the commands, for scripts. */
final class ExitCode {

    /** Success: the requested result exists. */
    static final int DONE = 0;
    /** Failure: it does not exist. */
    static final int FAILED = 1;
    /** The arguments or the configuration are wrong; nothing was tried. */
    static final int USAGE = 2;
    /** The input could not be read, so nothing is known about it. */
    static final int NOT_READ = 2;

    /** The file is good, but only one of its meta pages is: the last write may be missing. */
    static final int ONE_META = 3;
    /** The service answers, but its state is not known yet. */
    static final int UNKNOWN = 3;

    private ExitCode() {}
}
