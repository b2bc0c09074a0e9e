package dev.otherix.backup.cli;

import org.jspecify.annotations.Nullable;

/** A command failed for an expected reason. */
final class CommandFailure extends RuntimeException {

    private final String fix;
    private final int exitCode;

    /** @param fix what to do now, as a sentence */
    CommandFailure(String message, String fix, int exitCode, @Nullable Throwable cause) {
        super(message, cause);
        this.fix = fix;
        this.exitCode = exitCode;
    }

    CommandFailure(String message, String fix, @Nullable Throwable cause) {
        this(message, fix, ExitCode.FAILED, cause);
    }

    String fix() {
        return fix;
    }

    int exitCode() {
        return exitCode;
    }
}
