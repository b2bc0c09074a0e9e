package dev.otherix.backup.job;

import dev.otherix.backup.etcd.EtcdFailure;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a run, or a request's part in one, failed.
 *
 * @param message what happened and what to look at, lower-case
 * @param details the values behind the message, by their names in the API
 * @param cause what was thrown, where something was
 */
public record RunFailure(Code code, String message, Map<String, Object> details, @Nullable Throwable cause) {

    public RunFailure {
        details = Map.copyOf(details);
    }

    /** Whether it ends by itself, within minutes: a defragmentation. */
    boolean passesSoon() {
        return cause instanceof EtcdFailure etcd && etcd.reason() == EtcdFailure.Reason.DEFRAGMENTING;
    }

    /** What an operator or a script acts on. */
    public enum Code {
        /** The member could not be reached, stalled, refused or broke the stream. */
        ETCD_FAILED,
        /** The directory is gone, full or not writable. */
        DIRECTORY_FAILED,
        /** The file is not a good snapshot. */
        VERIFICATION_FAILED,
        /** The snapshot is not there any more. */
        NOT_FOUND,
        /** Nobody could say what the cluster had committed; a local snapshot was kept. */
        NO_QUORUM,
        /** The service stops. */
        SHUTTING_DOWN,
        /** Something that this service did not foresee. */
        INTERNAL;

        /** The word in the API. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
