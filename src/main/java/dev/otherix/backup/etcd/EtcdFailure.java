package dev.otherix.backup.etcd;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A call to the member failed. {@link #reason()} is the kind of failure; the message names the endpoint, the important
 * values and what to check. It never holds a password or a token.
 */
public final class EtcdFailure extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final String problem;

    EtcdFailure(Reason reason, String message) {
        this(reason, message, null);
    }

    public EtcdFailure(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, message, cause);
    }

    /**
     * @param problem the message for callers, which never holds a path of this host
     * @param message the same for the log, with the path and the fix
     */
    EtcdFailure(Reason reason, String problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.problem = problem;
    }

    /** What happened and what to check, without any path of this host: a file is named by its setting. */
    public String problem() {
        return problem;
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** The kinds of failure that an operator handles differently. */
    public enum Reason {

        /** Nothing answers at the endpoint, or the answer is not in etcd's protocol. */
        UNREACHABLE,

        /** The TLS handshake failed, or a certificate or key file cannot be used. */
        TLS,

        /** The user, password or token was refused, or one is required and none is set. */
        UNAUTHENTICATED,

        /** The user is known but lacks the permission. */
        PERMISSION_DENIED,

        /** The member answered that its cluster has no quorum. */
        NO_QUORUM,

        /** The member is being defragmented, and answers again afterwards. */
        DEFRAGMENTING,

        /** The member sent no bytes of the stream for as long as the stall timeout. */
        STALLED,

        /** The sink took no bytes of the stream for as long as the stall timeout. */
        SINK_STALLED,

        /** The time limit of the whole call or stream has passed. */
        TIMEOUT,

        /** The stream broke off, or its content contradicts itself. */
        BROKEN_STREAM,

        /** The calling thread was interrupted. */
        CANCELLED,

        /** The member refused for another reason, which the message shows. */
        REFUSED
    }
}
