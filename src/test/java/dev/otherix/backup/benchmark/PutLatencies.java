package dev.otherix.backup.benchmark;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * How long a member's client waits for each of its puts of 8 KiB, one after the other, while something else goes on.
 */
final class PutLatencies {

    private PutLatencies() {}

    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** The latencies in milliseconds from the start of {@code work} to its end. */
    static List<Double> during(String clientUrl, Work work) throws Exception {
        var url = URI.create(clientUrl);
        var channel = NettyChannelBuilder.forAddress(new InetSocketAddress(url.getHost(), url.getPort()))
                .usePlaintext()
                .build();
        var running = new Thread(() -> {
            try {
                work.run();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        });
        var latencies = new ArrayList<Double>();
        try {
            var kv = KVGrpc.newBlockingStub(channel);
            var value = new byte[8192];
            new Random(1).nextBytes(value);
            put(kv, 0, value);
            running.start();
            for (int i = 0; running.isAlive(); i++) {
                var began = System.nanoTime();
                put(kv, i % 1000, value);
                latencies.add((System.nanoTime() - began) / 1e6);
            }
        } finally {
            channel.shutdownNow();
            running.join();
        }
        return latencies;
    }

    private static void put(KVGrpc.KVBlockingStub kv, int key, byte[] value) {
        kv.put(PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("/otherix/latency/" + key))
                .setValue(ByteString.copyFrom(value))
                .build());
    }
}
