package dev.otherix.backup;

import dev.otherix.backup.snapshot.DirectoryFailure;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Turns a snapshot directory that cannot be opened into Description and Action, in place of a stack trace. */
final class UnusableDirectoryAnalyzer extends AbstractFailureAnalyzer<DirectoryFailure> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DirectoryFailure cause) {
        return new FailureAnalysis("The directory that workers.backup.dir names cannot be used: " + cause.getMessage() + ".",
                fix(cause.reason()), cause);
    }

    private static String fix(DirectoryFailure.Reason reason) {
        return switch (reason) {
            case LOCKED -> "Stop the other instance, or set workers.backup.dir to a directory that only this replica uses.";
            case NOT_WRITABLE -> "Let this service's user write there, or set workers.backup.dir to a directory that it can write to.";
            case NO_SPACE -> "Make room there, or set workers.backup.dir to a directory on a file system with more space.";
            case GONE, REPLACED, EXISTS, BROKEN ->
                    "Set workers.backup.dir to a directory that exists or can be made, and see that its file system is mounted and sound.";
        };
    }
}
