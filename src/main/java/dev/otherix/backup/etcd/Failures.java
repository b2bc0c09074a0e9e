package dev.otherix.backup.etcd;

import static dev.otherix.backup.etcd.EtcdFailure.Reason.CANCELLED;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.DEFRAGMENTING;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.NO_QUORUM;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.PERMISSION_DENIED;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.REFUSED;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.TIMEOUT;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.TLS;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.UNAUTHENTICATED;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.UNREACHABLE;

import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Explains a gRPC status in words for an operator. If etcd is not strict about its codes (3.5 answers some refusals of
 * a snapshot with {@code UNKNOWN}), its text decides.
 */
final class Failures {

    /** An endpoint whose host is not a number. */
    private static final Pattern NAMED = Pattern.compile("\\w+://(?!localhost:)[^\\[:/]*[A-Za-z][^\\[:/]*:");

    private final String endpoint;

    Failures(String endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * @param doing the purpose of the call, to follow "while"
     * @param answered whether the member has answered on this connection before
     */
    EtcdFailure of(String doing, Status status, boolean answered) {
        var reason = reason(status, answered);
        var what = switch (reason) {
            case TLS -> "tls with etcd at " + endpoint + " failed";
            case UNREACHABLE -> "cannot reach etcd at " + endpoint;
            case TIMEOUT -> "etcd at " + endpoint + " took too long";
            case CANCELLED -> "the call to etcd at " + endpoint + " was interrupted";
            default -> "etcd at " + endpoint + " refused";
        };
        return new EtcdFailure(
                reason,
                what + " while " + doing + ": " + detail(status) + hint(reason, status) + nameHint(reason, status),
                status.asRuntimeException());
    }

    /**
     * The failure of a call to a member that is being defragmented.
     *
     * @param doing the purpose of the call, to follow "while"
     */
    EtcdFailure defragmenting(String doing, Throwable cause) {
        return new EtcdFailure(
                DEFRAGMENTING,
                "etcd at " + endpoint + " is being defragmented (etcd_disk_defrag_inflight is 1), and did"
                        + " not answer while " + doing + ": wait until the defragmentation has ended",
                cause);
    }

    /** Returns the text of the status and of its causes. */
    static String detail(Status status) {
        if (status.getCode() == Code.DEADLINE_EXCEEDED) {
            return "no answer in time";
        }
        var said = firstLine(Objects.requireNonNullElse(
                status.getDescription(), status.getCode().name()));
        var cause = status.getCause();
        return cause == null ? said : said + ": " + innermost(cause);
    }

    static String innermost(Throwable thrown) {
        var inner = thrown;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        var message = inner.getMessage();
        return message == null ? inner.getClass().getSimpleName() : firstLine(message);
    }

    // gRPC's own texts continue with the state of the transport
    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    static boolean says(Status status, String text) {
        var description = status.getDescription();
        return description != null && description.contains(text);
    }

    /** Returns whether etcd refused a token that it no longer knows; a new one helps. */
    static boolean isExpiredToken(Status status) {
        return says(status, "invalid auth token") || says(status, "revision of auth store is old");
    }

    static boolean isLearnerRefusal(Status status) {
        return says(status, "not supported for learner");
    }

    private static EtcdFailure.Reason reason(Status status, boolean answered) {
        if (hasTlsCause(status.getCause())) {
            return TLS;
        }
        if (isExpiredToken(status) || says(status, "authentication failed") || says(status, "user name is empty")) {
            return UNAUTHENTICATED;
        }
        var code = status.getCode();
        if (code == Code.UNKNOWN && says(status, "permission denied")) {
            return PERMISSION_DENIED;
        }
        return switch (code) {
            case UNAUTHENTICATED -> UNAUTHENTICATED;
            case PERMISSION_DENIED -> PERMISSION_DENIED;
            case DEADLINE_EXCEEDED -> answered ? TIMEOUT : UNREACHABLE;
            // a member may send this too, and then no thread here was interrupted
            case CANCELLED -> status.getCause() instanceof InterruptedException ? CANCELLED : REFUSED;
            case UNAVAILABLE -> unavailable(status);
            case INTERNAL, UNIMPLEMENTED -> answered ? REFUSED : UNREACHABLE;
            default -> REFUSED;
        };
    }

    private static EtcdFailure.Reason unavailable(Status status) {
        if (says(status, "etcdserver: no leader")
                || says(status, "etcdserver: leader changed")
                || says(status, "etcdserver: request timed out")) {
            return NO_QUORUM;
        }
        return says(status, "etcdserver: ") && !says(status, "etcdserver: server stopped") ? REFUSED : UNREACHABLE;
    }

    private static boolean hasTlsCause(@Nullable Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    /** gRPC does not show that a name server does not answer. */
    private String nameHint(EtcdFailure.Reason reason, Status status) {
        return reason == UNREACHABLE
                        && status.getCode() == Code.DEADLINE_EXCEEDED
                        && NAMED.matcher(endpoint).lookingAt()
                ? ", and that the name server answers for the host in etcd.client_url"
                : "";
    }

    private static String hint(EtcdFailure.Reason reason, Status status) {
        return switch (reason) {
            case TLS ->
                "; check etcd.ca_file, etcd.cert_file, etcd.key_file, and that etcd's certificate is valid for"
                        + " the host in etcd.client_url";
            case UNREACHABLE ->
                "; check that otherix-api runs, and that etcd.client_url has the right port and the"
                        + " right one of http and https";
            case UNAUTHENTICATED ->
                says(status, "user name is empty")
                        ? "; this etcd requires a login: set etcd.username and etcd.password_file"
                        : "; check etcd.username and the content of etcd.password_file";
            case PERMISSION_DENIED -> "; the user in etcd.username needs the role root";
            case NO_QUORUM -> "; this needs a cluster with a quorum: check the other members";
            case TIMEOUT -> "; check the load and the disk of etcd's host";
            default -> "";
        };
    }
}
