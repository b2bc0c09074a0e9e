package dev.otherix.backup.task;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a piece of work, or one caller's part in it, failed.
 *
 * @param message what happened and what to check, in lower case
 * @param details the values behind the message, by their names in the API
 * @param cause the exception, if there was one
 */
public record TaskFailure(
        Code code,
        String message,
        Map<String, Object> details,
        @Nullable Throwable cause) {

    public TaskFailure {
        details = Map.copyOf(details);
    }

    /** A failure without details or exception. */
    public TaskFailure(Code code, String message) {
        this(code, message, Map.of(), null);
    }

    /** An unexpected failure. */
    public static TaskFailure unforeseen(Throwable cause) {
        return new TaskFailure(Code.INTERNAL, "unexpected failure: " + cause, Map.of(), cause);
    }

    /** The reason that an operator or a script acts on. */
    public enum Code {
        /** The member could not be reached, stalled, refused or broke the stream. */
        ETCD_FAILED,
        /** The directory is gone, full, not writable, or does not answer. */
        DIRECTORY_FAILED,
        /** The file is not a good snapshot. */
        VERIFICATION_FAILED,
        /** An off-site copy could not be made. */
        OFFSITE_FAILED,
        /** A drill shows that a cluster could not come back from the snapshot. */
        DRILL_FAILED,
        /** A drill is not possible now; that says nothing about the snapshot. */
        DRILL_REFUSED,
        /** The snapshot no longer exists. */
        NOT_FOUND,
        /** The cluster has no quorum to confirm what it has committed; a local snapshot was kept. */
        NO_QUORUM,
        /** The service is stopping. */
        SHUTTING_DOWN,
        /** An unexpected error. */
        INTERNAL;

        /** The word in the API. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
