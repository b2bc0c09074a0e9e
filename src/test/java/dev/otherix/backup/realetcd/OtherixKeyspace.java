package dev.otherix.backup.realetcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Writes into a member what an otherix control plane keeps there: rows under {@code /otherix/<resource>/<id>} with JSON
 * values, the uniq and index keys beside them, a job queue, node heartbeats on a lease, and the active cluster CA.
 */
public final class OtherixKeyspace {

    private static final int TXN_BYTES = 512 * 1024;
    private static final int TXN_OPERATIONS = 100;
    private static final Duration LEASE = Duration.ofHours(12);

    /**
     * What a member holds after seeding.
     *
     * @param ca the active cluster CA
     * @param liveKeys of the whole store, at {@code revision}
     * @param revision of the store
     */
    public record Seeded(ClusterCa ca, long liveKeys, long revision) {}

    private OtherixKeyspace() {}

    /**
     * Writes a control plane with so many virtual machines and what belongs to them, then changes all and deletes some,
     * so that there is history. Ten machines are about 90 keys.
     *
     * @param clientUrl plain http
     */
    public static Seeded seed(String clientUrl, int vms) {
        return seed(clientUrl, vms, ClusterCa.generate());
    }

    /** As {@link #seed(String, int)}, with a CA made before. */
    public static Seeded seed(String clientUrl, int vms, ClusterCa ca) {
        return withChannel(clientUrl, channel -> seed(channel, vms, ca));
    }

    /** As {@link #seed(String, int)}, through a channel of the caller's, such as one with TLS. */
    public static Seeded seed(Channel channel, int vms, ClusterCa ca) {
        var writer = new KeyWriter(channel);
        var rows = new OtherixRows(vms, 1);
        writer.write(
                List.of(KeyWriter.put(ca.rowKey(), rows.json(ca.row())), KeyWriter.put(ClusterCa.ACTIVE_KEY, ca.id())));
        heartbeats(channel, rows.nodes()).forEach(writer::write);
        for (var stage : List.of(rows.creations(), rows.updates(), rows.deletions())) {
            stage.forEach(writer::write);
            writer.flush();
        }
        var all = count(channel);
        return new Seeded(ca, all.getCount(), all.getHeader().getRevision());
    }

    /**
     * Writes random values under {@code /otherix/fill/} until they are so many bytes together; the database gets a
     * little larger, and says so in the member's status a moment later. Above 2 GiB the member needs
     * {@code --quota-backend-bytes}.
     *
     * @param clientUrl plain http
     * @param valueBytes of one value, at most 1 MiB
     */
    public static void fill(String clientUrl, long totalBytes, int valueBytes) {
        withChannel(clientUrl, channel -> {
            fill(new KeyWriter(channel), totalBytes, valueBytes);
            return totalBytes;
        });
    }

    private static void fill(KeyWriter writer, long totalBytes, int valueBytes) {
        var random = new Random(totalBytes);
        var noise = new byte[2 * valueBytes + 1];
        random.nextBytes(noise);
        var source = ByteString.copyFrom(noise);
        var perTxn = Math.clamp(TXN_BYTES / valueBytes, 1, TXN_OPERATIONS);
        var values = Math.ceilDiv(totalBytes, valueBytes);
        var operations = new ArrayList<RequestOp>();
        for (long number = 0; number < values; number++) {
            var from = random.nextInt(valueBytes + 1);
            var value = source.substring(from, from + valueBytes);
            operations.add(KeyWriter.put("/otherix/fill/%010d".formatted(number), value, 0));
            if (operations.size() == perTxn || number == values - 1) {
                writer.write(operations);
                operations.clear();
            }
        }
        writer.flush();
    }

    private static Stream<List<RequestOp>> heartbeats(Channel channel, List<String> nodes) {
        var lease = LeaseGrpc.newBlockingStub(channel)
                .leaseGrant(
                        LeaseGrantRequest.newBuilder().setTTL(LEASE.toSeconds()).build())
                .getID();
        var alive = ByteString.copyFrom("{\"Alive\":true}", StandardCharsets.UTF_8);
        return nodes.stream().map(node -> List.of(KeyWriter.put("/otherix/node_heartbeats/" + node, alive, lease)));
    }

    private static RangeResponse count(Channel channel) {
        var everything = ByteString.copyFrom(new byte[1]);
        return KVGrpc.newBlockingStub(channel)
                .range(RangeRequest.newBuilder()
                        .setKey(everything)
                        .setRangeEnd(everything)
                        .setCountOnly(true)
                        .build());
    }

    private static <T> T withChannel(String clientUrl, Function<Channel, T> work) {
        var url = URI.create(clientUrl);
        var channel = Grpc.newChannelBuilderForAddress(
                        url.getHost(), url.getPort(), InsecureChannelCredentials.create())
                .build();
        try {
            return work.apply(channel);
        } finally {
            channel.shutdownNow();
        }
    }
}
