package dev.otherix.backup.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.SnapshotRequest;
import io.etcd.jetcd.api.SnapshotResponse;
import io.etcd.jetcd.api.StatusRequest;
import io.etcd.jetcd.api.StatusResponse;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A server that speaks etcd's protocol and lies as it is told to: what no real member can be made to do. */
final class ScriptedMember implements AutoCloseable {

    // a client that gives up looks like trouble to this server; kept, or the level is lost with the logger
    private static final Logger SERVER_LOG = Logger.getLogger("io.grpc.netty.NettyServerHandler");

    static {
        SERVER_LOG.setLevel(Level.OFF);
    }

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    /** Counts down when a client gives a snapshot up. */
    final CountDownLatch cancelled = new CountDownLatch(1);

    /** How many connections there have been. */
    final AtomicInteger connections = new AtomicInteger();

    /** The token that came with each snapshot call, {@code none} for none. */
    final Queue<String> tokens = new ConcurrentLinkedQueue<>();

    private final AtomicInteger logins = new AtomicInteger();
    private final Consumer<ServerCallStreamObserver<SnapshotResponse>> script;
    private final Server server;

    ScriptedMember(Consumer<ServerCallStreamObserver<SnapshotResponse>> script) {
        this.script = script;
        try {
            this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(new Maintenance())
                    .addService(new Auth())
                    .intercept(new Tokens())
                    .addTransportFilter(new ServerTransportFilter() {
                        @Override
                        public Attributes transportReady(Attributes attributes) {
                            connections.incrementAndGet();
                            return attributes;
                        }
                    })
                    .build()
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends these messages and ends the stream cleanly. */
    static ScriptedMember sending(List<SnapshotResponse> messages) {
        return new ScriptedMember(client -> {
            messages.forEach(client::onNext);
            client.onCompleted();
        });
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    MemberConnection connect() {
        return new EtcdMember(new EtcdProperties(url(), null, null, null, null, null)).connect();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Maintenance extends MaintenanceGrpc.MaintenanceImplBase {

        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> client) {
            client.onNext(StatusResponse.newBuilder()
                    .setHeader(ResponseHeader.newBuilder().setMemberId(1))
                    .setLeader(1)
                    .setVersion("3.6.0")
                    .build());
            client.onCompleted();
        }

        @Override
        public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> client) {
            var stream = (ServerCallStreamObserver<SnapshotResponse>) client;
            stream.setOnCancelHandler(cancelled::countDown);
            script.accept(stream);
        }
    }

    private final class Auth extends AuthGrpc.AuthImplBase {

        @Override
        public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> client) {
            if (!request.getPassword().equals("right")) {
                client.onError(Status.INVALID_ARGUMENT
                        .withDescription("etcdserver: authentication failed, invalid user ID or password")
                        .asRuntimeException());
                return;
            }
            client.onNext(AuthenticateResponse.newBuilder()
                    .setToken("token-" + logins.incrementAndGet())
                    .build());
            client.onCompleted();
        }
    }

    private final class Tokens implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            if (call.getMethodDescriptor().equals(MaintenanceGrpc.getSnapshotMethod())) {
                var token = headers.get(TOKEN);
                tokens.add(token == null ? "none" : token);
            }
            return next.startCall(call, headers);
        }
    }
}
