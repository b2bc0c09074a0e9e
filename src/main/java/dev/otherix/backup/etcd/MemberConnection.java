package dev.otherix.backup.etcd;

import dev.otherix.backup.snapshot.MemberFacts.Member;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A connection to the member for one run: one socket, one thread, one login. Calls are made one after the other, and
 * each blocks its caller no longer than its limit. If the caller is interrupted, the call ends with
 * {@link EtcdFailure.Reason#CANCELLED} and the interrupt flag stays set. A token that expires is renewed once per call.
 */
public final class MemberConnection implements AutoCloseable {

    private static final Duration GREETING_LIMIT = Duration.ofSeconds(8);

    private final EtcdProperties properties;
    private final EtcdFiles files;
    private final String endpoint;
    private final Failures failures;
    private final MemberChannel channel;
    private final Defragmentation defragmentation;
    private final Login login = new Login();
    private final Channel authenticated;

    MemberConnection(EtcdProperties properties, EtcdFiles files) {
        this.properties = properties;
        this.files = files;
        var url = properties.clientUrl();
        this.endpoint = url.getScheme() + "://" + url.getHost() + ":" + url.getPort();
        this.failures = new Failures(endpoint);
        this.channel = MemberChannel.open(properties, files);
        this.defragmentation = new Defragmentation(properties, channel.tls());
        this.authenticated = ClientInterceptors.intercept(channel.grpc(), login);
    }

    void greet() {
        var deadline = deadline(GREETING_LIMIT);
        logIn(deadline);
        status(deadline, "connecting");
    }

    /** Asks the member for its status. Learners and members without a quorum answer too. */
    public MemberStatus status(Duration limit) {
        return status(deadline(limit), "asking for its status");
    }

    /**
     * Asks whether the member has applied all writes acknowledged before this call, by a linearizable read. Waits for
     * an election to end.
     *
     * @param limit how long the read may take, at most 10 seconds
     * @throws EtcdFailure if the member did not answer at all, or refused the login
     */
    public ReadBarrier barrier(Duration limit) {
        return new LinearizableRead(this).run(limit);
    }

    /** Lists the cluster's members as this one knows them; empty if it does not list them, like a learner. */
    public Optional<List<Member>> members(Duration limit) {
        try {
            var response = attempt(
                    deadline(limit),
                    within -> ClusterGrpc.newBlockingStub(authenticated)
                            .withDeadline(within)
                            .memberList(MemberListRequest.getDefaultInstance()));
            return Optional.of(response.getMembersList().stream()
                    .map(member -> new Member(
                            Long.toHexString(member.getID()),
                            member.getName(),
                            member.getPeerURLsList(),
                            member.getIsLearner()))
                    .toList());
        } catch (StatusRuntimeException refused) {
            if (Failures.isLearnerRefusal(refused.getStatus())) {
                return Optional.empty();
            }
            throw failure("listing its members", refused.getStatus());
        }
    }

    /**
     * Asks for the hash of the member's key space. The member reads all of it for that, and its clients' writes wait.
     *
     * @param revision the revision of the hash; 0 for the member's current one, which is never a remembered hash
     * @param limit how long the answer may take; the member continues to read after the limit
     */
    public MemberHash hashKv(long revision, Duration limit) {
        var request = HashKVRequest.newBuilder().setRevision(revision).build();
        try {
            return HashAnswer.of(attempt(
                    deadline(limit),
                    within -> MaintenanceGrpc.newBlockingStub(authenticated)
                            .withDeadline(within)
                            .hashKV(request)));
        } catch (StatusRuntimeException refused) {
            return HashAnswer.unknown(refused.getStatus())
                    .orElseThrow(() -> failure("asking for the hash of its key space", refused.getStatus()));
        }
    }

    /**
     * Streams a snapshot into the sink and returns when it is complete and matches its footer. On a failure the call is
     * cancelled at the member before this returns. If that is impossible because the sink hangs, the connection is
     * closed and cannot be used any more.
     *
     * <p>The sink runs on the connection's own thread; the caller only waits. So a sink that hangs does not block the
     * caller: the stall timeout ends the stream and this returns, possibly while the sink's last call still runs.
     *
     * @throws EtcdFailure if the member failed, a limit passed or the caller was interrupted
     * @throws RuntimeException what the sink threw
     */
    public void stream(SnapshotSink sink, StreamLimits limits) {
        try {
            new SnapshotCall(channel, authenticated, endpoint, sink, limits).run();
        } catch (EtcdFailure failure) {
            if (failure.reason() == EtcdFailure.Reason.STALLED) {
                throw explained("sending a snapshot", failure);
            }
            if (!login.hasToken() || !Failures.isExpiredToken(Status.fromThrowable(failure))) {
                throw failure;
            }
            logIn(deadline(GREETING_LIMIT));
            new SnapshotCall(channel, authenticated, endpoint, sink, limits).run();
        }
    }

    /** Aborts all running calls and frees socket and thread. Never blocks. */
    @Override
    public void close() {
        channel.close();
    }

    /** Makes a call, and repeats it once with a new token if the old one was refused. */
    <T> T attempt(Deadline deadline, Function<Deadline, T> call) {
        try {
            return call.apply(deadline);
        } catch (StatusRuntimeException refused) {
            if (!login.hasToken() || !Failures.isExpiredToken(refused.getStatus())) {
                throw refused;
            }
            logIn(deadline);
            return call.apply(deadline);
        }
    }

    KVGrpc.KVBlockingStub keyValues(Deadline within) {
        return KVGrpc.newBlockingStub(authenticated).withDeadline(within);
    }

    EtcdFailure failure(String doing, Status status) {
        var failure = failures.of(doing, status, channel.isConnected());
        return status.getCode() == Status.Code.DEADLINE_EXCEEDED ? explained(doing, failure) : failure;
    }

    /** Whether the member reports that it is being defragmented. */
    boolean isDefragmented() {
        return defragmentation.inFlight();
    }

    EtcdFailure defragmenting(String doing, Throwable cause) {
        return failures.defragmenting(doing, cause);
    }

    /** Names the reason why the member does not answer, if it is known. */
    private EtcdFailure explained(String doing, EtcdFailure silence) {
        return isDefragmented() ? defragmenting(doing, silence) : silence;
    }

    static Deadline deadline(Duration limit) {
        return Deadline.after(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private MemberStatus status(Deadline deadline, String doing) {
        try {
            return MemberStatus.of(attempt(
                    deadline,
                    within -> MaintenanceGrpc.newBlockingStub(authenticated)
                            .withDeadline(within)
                            .status(StatusRequest.getDefaultInstance())));
        } catch (StatusRuntimeException refused) {
            throw failure(doing, refused.getStatus());
        }
    }

    private void logIn(Deadline deadline) {
        var username = properties.username();
        var passwordFile = properties.passwordFile();
        if (username == null || passwordFile == null) {
            return;
        }
        var request = files.read("etcd.password_file", () -> Login.request(username, passwordFile));
        try {
            // not over the authenticated channel: it would send an expired token
            login.accept(AuthGrpc.newBlockingStub(channel.grpc())
                    .withDeadline(deadline)
                    .authenticate(request)
                    .getToken());
        } catch (StatusRuntimeException refused) {
            if (!Failures.says(refused.getStatus(), "authentication is not enabled")) {
                throw failure("logging in as " + username, refused.getStatus());
            }
        }
    }
}
