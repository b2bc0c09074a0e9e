package dev.otherix.backup.verify;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.CompactionRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Writes a history with everything in it that etcd has: overwrites, deletions, new lives of keys, transactions, leases,
 * big values.
 */
public final class Workload implements AutoCloseable {

    private static final int KEYS = 150;

    private final Random random = new Random(7);
    private final ManagedChannel channel;
    private final KVGrpc.KVBlockingStub kv;
    private final LeaseGrpc.LeaseBlockingStub leases;
    private final long lease;

    public Workload(String clientUrl) {
        var url = URI.create(clientUrl);
        this.channel = Grpc.newChannelBuilderForAddress(
                        url.getHost(), url.getPort(), InsecureChannelCredentials.create())
                .build();
        this.kv = KVGrpc.newBlockingStub(channel);
        this.leases = LeaseGrpc.newBlockingStub(channel);
        this.lease = grant();
    }

    /** Writes so many revisions; answers the last one. */
    public long write(int revisions) {
        long revision = 0;
        for (int i = 0; i < revisions; i++) {
            revision = switch (random.nextInt(10)) {
                case 0, 1 -> delete(key());
                case 2 -> txn();
                case 3 -> put(key(), 1000 + random.nextInt(60_000), 0);
                case 4 -> put(key(), 20, lease);
                default -> put(key(), random.nextInt(200), 0);
            };
        }
        return revision;
    }

    /** Deletes all keys in one revision. */
    public long deleteAll() {
        var all = ByteString.copyFrom(new byte[1]);
        return kv.deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(all)
                        .setRangeEnd(all)
                        .build())
                .getHeader()
                .getRevision();
    }

    /**
     * Puts keys with a lease of their own.
     *
     * @return the lease
     */
    public long lend(int keys) {
        var lent = grant();
        for (var i = 0; i < keys; i++) {
            put(ByteString.copyFromUtf8("/otherix/lent/" + i), 10, lent);
        }
        return lent;
    }

    /** Ends a lease, and so deletes its keys in one revision. */
    public void revoke(long ended) {
        leases.leaseRevoke(LeaseRevokeRequest.newBuilder().setID(ended).build());
    }

    private long grant() {
        return leases.leaseGrant(LeaseGrantRequest.newBuilder().setTTL(3600).build())
                .getID();
    }

    /** Deletes a key that is there. */
    long putAndDelete() {
        var key = ByteString.copyFromUtf8("/short-lived");
        kv.put(PutRequest.newBuilder().setKey(key).setValue(key).build());
        return delete(key);
    }

    /** Begins a compaction, and waits for its end only where {@code finished}. */
    public void compact(long revision, boolean finished) {
        kv.compact(CompactionRequest.newBuilder()
                .setRevision(revision)
                .setPhysical(finished)
                .build());
    }

    private ByteString key() {
        return ByteString.copyFrom("/otherix/things/%03d".formatted(random.nextInt(KEYS)), StandardCharsets.UTF_8);
    }

    private long put(ByteString key, int length, long withLease) {
        return kv.put(PutRequest.newBuilder()
                        .setKey(key)
                        .setValue(value(length))
                        .setLease(withLease)
                        .build())
                .getHeader()
                .getRevision();
    }

    private long delete(ByteString key) {
        return kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(key).build())
                .getHeader()
                .getRevision();
    }

    /** Puts several keys in one revision, the first of them after its deletion elsewhere. */
    private long txn() {
        var txn = TxnRequest.newBuilder();
        var first = random.nextInt(KEYS - 5);
        for (int i = 0; i < 5; i++) {
            var key = ByteString.copyFromUtf8("/otherix/things/%03d".formatted(first + i));
            txn.addSuccess(
                    i == 4
                            ? RequestOp.newBuilder()
                                    .setRequestDeleteRange(
                                            DeleteRangeRequest.newBuilder().setKey(key))
                                    .build()
                            : RequestOp.newBuilder()
                                    .setRequestPut(
                                            PutRequest.newBuilder().setKey(key).setValue(value(50)))
                                    .build());
        }
        return kv.txn(txn.build()).getHeader().getRevision();
    }

    private ByteString value(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
