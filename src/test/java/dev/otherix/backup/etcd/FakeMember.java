package dev.otherix.backup.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.HashKVResponse;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberListResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A member that serves whatever file it is given, under the footer that fits it, and tells whatever hash a test wants:
 * no real one can be made to send a damaged database.
 */
public final class FakeMember implements AutoCloseable {

    private static final int CHUNK = 32 << 10;
    private static final int HASH_REVISION = 4;

    private final Queue<Long> asked = new ConcurrentLinkedQueue<>();
    private final Server server;
    private final int port;
    private volatile byte[] data = new byte[0];
    private volatile byte[] footer = new byte[0];
    private volatile long revision = 1;
    private volatile boolean leader = true;
    private volatile Telling telling = FakeMember::tellAll;
    private volatile CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private volatile @Nullable Refusal refusal;
    private volatile Consumer<String> listener = _ -> {};
    private volatile Function<Long, Answer> hash =
            _ -> Answer.refused("etcdserver: mvcc: required revision has been compacted");

    /** How a snapshot is told. It is called on a thread of its own, and may leave the call open. */
    @FunctionalInterface
    public interface Telling {

        /** @param truth all messages that would tell it as it is, the footer last */
        void tell(ServerCallStreamObserver<SnapshotResponse> client, List<SnapshotResponse> truth);
    }

    private record Refusal(MethodDescriptor<?, ?> method, Status status) {}

    /**
     * An answer to HashKV.
     *
     * @param refusal the text of an OUT_OF_RANGE; null for an answer
     */
    public record Answer(
            long hash,
            long compactRevision,
            @Nullable Long hashRevision,
            long memberRevision,
            @Nullable String refusal) {

        public static Answer of(long hash, long compactRevision, long revision) {
            return new Answer(hash, compactRevision, null, revision, null);
        }

        public static Answer refused(String text) {
            return new Answer(0, 0, null, 0, text);
        }
    }

    public FakeMember() {
        try {
            this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(new Maintenance())
                    .addService(new KeyValues())
                    .addService(new Cluster())
                    .intercept(new Refusing())
                    .build()
                    .start();
            this.port = server.getPort();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    public String clientUrl() {
        return "http://127.0.0.1:" + port;
    }

    /** Serves a snapshot's {@code file}, its last 32 bytes as the footer, whether they fit or not. */
    public void serve(byte[] file) {
        data = Arrays.copyOf(file, file.length - 32);
        footer = Arrays.copyOfRange(file, file.length - 32, file.length);
    }

    /**
     * Tells snapshots this way from now on.
     *
     * @return completes when a client gives such a snapshot up
     */
    public CompletableFuture<Void> tell(Telling how) {
        var given = new CompletableFuture<Void>();
        cancelled = given;
        telling = how;
        return given;
    }

    /** Tells snapshots as they are, and refuses nothing. */
    public void tellTheTruth() {
        tell(FakeMember::tellAll);
        refusal = null;
    }

    /** Answers {@code method} with {@code status} from now on, and every other one as before. */
    public void refuse(MethodDescriptor<?, ?> method, Status status) {
        refusal = new Refusal(method, status);
    }

    private static void tellAll(ServerCallStreamObserver<SnapshotResponse> client, List<SnapshotResponse> truth) {
        truth.forEach(client::onNext);
        client.onCompleted();
    }

    public void revision(long now) {
        revision = now;
    }

    public void follower() {
        leader = false;
    }

    /** Answers HashKV by {@code answer}, which is given the revision asked for. */
    public void hash(Function<Long, Answer> answer) {
        hash = answer;
    }

    /** Tells {@code called} the name of each method from now on, on the member's thread, before it is answered. */
    public void listen(Consumer<String> called) {
        listener = called;
    }

    /** The revisions at which the hash was asked for. */
    public List<Long> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private List<SnapshotResponse> truth() {
        var all = data;
        var messages = new ArrayList<SnapshotResponse>();
        for (int from = 0; from < all.length; from += CHUNK) {
            var length = Math.min(CHUNK, all.length - from);
            messages.add(SnapshotResponse.newBuilder()
                    .setBlob(ByteString.copyFrom(all, from, length))
                    .setRemainingBytes(all.length - from - length)
                    .build());
        }
        messages.add(SnapshotResponse.newBuilder()
                .setBlob(ByteString.copyFrom(footer))
                .build());
        return messages;
    }

    private ResponseHeader header() {
        return ResponseHeader.newBuilder()
                .setClusterId(0xc1)
                .setMemberId(0xa1)
                .setRevision(revision)
                .build();
    }

    private static <T> void answer(StreamObserver<T> client, T answer) {
        client.onNext(answer);
        client.onCompleted();
    }

    private final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {

        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> client) {
            answer(
                    client,
                    StatusResponse.newBuilder()
                            .setHeader(header())
                            .setLeader(leader ? 0xa1 : 0xa2)
                            .setVersion("3.6.0")
                            .setDbSize(data.length)
                            .build());
        }

        @Override
        public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> client) {
            var stream = (ServerCallStreamObserver<SnapshotResponse>) client;
            var given = cancelled;
            stream.setOnCancelHandler(() -> given.complete(null));
            var how = telling;
            var truth = truth();
            Thread.startVirtualThread(() -> how.tell(stream, truth));
        }

        @Override
        public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> client) {
            asked.add(request.getRevision());
            var told = hash.apply(request.getRevision());
            if (told.refusal() != null) {
                client.onError(
                        Status.OUT_OF_RANGE.withDescription(told.refusal()).asRuntimeException());
                return;
            }
            var response = HashKVResponse.newBuilder()
                    .setHeader(header().toBuilder().setRevision(told.memberRevision()))
                    .setHash((int) told.hash())
                    .setCompactRevision(told.compactRevision());
            if (told.hashRevision() != null) {
                response.setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                HASH_REVISION,
                                UnknownFieldSet.Field.newBuilder()
                                        .addVarint(told.hashRevision())
                                        .build())
                        .build());
            }
            answer(client, response.build());
        }
    }

    private final class KeyValues extends KVGrpc.KVImplBase {

        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> client) {
            answer(client, RangeResponse.newBuilder().setHeader(header()).build());
        }
    }

    private final class Cluster extends ClusterGrpc.ClusterImplBase {

        @Override
        public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> client) {
            answer(client, MemberListResponse.newBuilder().setHeader(header()).build());
        }
    }

    private final class Refusing implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            listener.accept(call.getMethodDescriptor().getBareMethodName());
            var refused = refusal;
            if (refused == null
                    || !refused.method()
                            .getFullMethodName()
                            .equals(call.getMethodDescriptor().getFullMethodName())) {
                return next.startCall(call, headers);
            }
            call.close(refused.status(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }
}
