package dev.otherix.backup.etcd;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A call to the member that did not give its answer. {@link #reason()} says what kind of trouble it is; the message
 * names the endpoint, the values that matter and what to check. It never holds a password or a token.
 */
public final class EtcdFailure extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    EtcdFailure(Reason reason, String message) {
        this(reason, message, null);
    }

    public EtcdFailure(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns what kind of trouble it is. */
    public Reason reason() {
        return reason;
    }

    /** The kinds of trouble that an operator handles differently. */
    public enum Reason {

        /** Nothing answers at the endpoint, or what answers does not speak etcd's protocol. */
        UNREACHABLE,

        /** The TLS handshake failed, or a certificate or key file cannot be used. */
        TLS,

        /** The user, password or token was refused, or one is needed and none is set. */
        UNAUTHENTICATED,

        /** The user is known but may not do this. */
        PERMISSION_DENIED,

        /** The member answered that its cluster has no quorum now. */
        NO_QUORUM,

        /** The member is being defragmented, and answers when that has ended. */
        DEFRAGMENTING,

        /** The member sent no bytes of the stream for as long as the stall timeout. */
        STALLED,

        /** The sink took no bytes of the stream for as long as the stall timeout. */
        SINK_STALLED,

        /** A limit for the whole call or stream ran out. */
        TIMEOUT,

        /** The stream broke off, or what it carried contradicts itself. */
        BROKEN_STREAM,

        /** The calling thread was interrupted. */
        CANCELLED,

        /** The member refused for another reason, which the message holds. */
        REFUSED
    }
}
