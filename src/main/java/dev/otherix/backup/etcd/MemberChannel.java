package dev.otherix.backup.etcd;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A channel to one endpoint with its own thread, on which callbacks run.
 *
 * <p>No keepalive: every call here has a limit, and etcd treats pings as abuse.
 */
final class MemberChannel implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    // 64 KiB, the default of HTTP/2, doubles the time of a stream on loopback; a larger window gains nothing
    private static final int WINDOW_BYTES = 2 << 20;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final EventLoopGroup eventLoop;
    private final Queue<SocketChannel> sockets;
    private final ManagedChannel channel;
    private final @Nullable SslContext tls;

    private MemberChannel(NettyChannelBuilder builder, @Nullable SslContext tls, Queue<SocketChannel> sockets) {
        this.tls = tls;
        this.sockets = sockets;
        if (tls == null) {
            builder.usePlaintext();
        } else {
            builder.sslContext(tls);
        }
        var number = NUMBER.incrementAndGet();
        this.eventLoop = new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().daemon().name("etcd-" + number).factory(), NioIoHandler.newFactory());
        this.channel = builder.eventLoopGroup(eventLoop)
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .flowControlWindow(WINDOW_BYTES)
                .directExecutor()
                .offloadExecutor(task ->
                        Thread.ofVirtual().name("etcd-" + number + "-resolve").start(task))
                // the member is on this host: no proxy, no settings from DNS, and the caller gets each failure
                .proxyDetector(address -> null)
                .disableServiceConfigLookUp()
                .disableRetry()
                .build();
    }

    /** Opens a channel, which connects at the first call. */
    static MemberChannel open(EtcdProperties properties, EtcdFiles files) {
        var url = properties.clientUrl();
        var tls = url.getScheme().equalsIgnoreCase("https")
                ? files.read("etcd.ca_file, etcd.cert_file or etcd.key_file", () -> ClientTls.read(properties))
                : null;
        var sockets = new ConcurrentLinkedQueue<SocketChannel>();
        return new MemberChannel(
                NettyChannelBuilder.forAddress(host(url), url.getPort()).channelFactory(() -> openSocket(sockets)),
                tls,
                sockets);
    }

    /** Opens a channel to a unix socket, which connects at the first call. */
    static MemberChannel open(Path socket) {
        return new MemberChannel(
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .overrideAuthority("localhost")
                        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                        // gRPC sets it, and Netty warns of each connection that does not have it
                        .withOption(ChannelOption.SO_KEEPALIVE, null),
                null,
                new ConcurrentLinkedQueue<>());
    }

    /** With the certificates that were in their files when this was opened; null without TLS. */
    @Nullable
    SslContext tls() {
        return tls;
    }

    ManagedChannel grpc() {
        return channel;
    }

    /** Runs a later task of the stream, on the same thread as its callbacks. */
    ScheduledExecutorService scheduler() {
        return eventLoop;
    }

    boolean isConnected() {
        return channel.getState(false) == ConnectivityState.READY;
    }

    /**
     * Closes the connection without the event loop, in case that is stuck in a sink's write: the member must not keep a
     * read transaction open because a disk of ours hangs.
     */
    void cut() {
        for (var socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            try {
                socket.close();
            } catch (IOException failure) {
                throw new UncheckedIOException("cannot close the connection to etcd", failure);
            }
        }
    }

    /** Aborts all running calls. Never blocks, even if the event loop is stuck. */
    @Override
    public void close() {
        channel.shutdownNow();
        var _ = eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static NioSocketChannel openSocket(Queue<SocketChannel> sockets) {
        try {
            var socket = SocketChannel.open();
            sockets.add(socket);
            return new NioSocketChannel(socket);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot open a socket", failure);
        }
    }

    static String host(URI url) {
        var host = url.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
