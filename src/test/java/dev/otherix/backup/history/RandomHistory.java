package dev.otherix.backup.history;

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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * Writes a history with all that changes a key in etcd: puts, overwrites, deletions of one key and of many, nested
 * transactions, leases that expire and that are revoked. The same seed writes the same.
 */
public final class RandomHistory implements AutoCloseable {

    private static final int KEYS = 60;
    private static final int MANY = 1500;
    private static final int MOST_OPERATIONS = 100;

    private final Random random;
    private final ManagedChannel channel;
    private final KVGrpc.KVBlockingStub kv;
    private final LeaseGrpc.LeaseBlockingStub leases;
    private final Deque<Long> granted = new ArrayDeque<>();

    public RandomHistory(String clientUrl, long seed) {
        this.random = new Random(seed);
        var url = URI.create(clientUrl);
        this.channel = Grpc.newChannelBuilderForAddress(
                        url.getHost(), url.getPort(), InsecureChannelCredentials.create())
                .build();
        this.kv = KVGrpc.newBlockingStub(channel);
        this.leases = LeaseGrpc.newBlockingStub(channel);
    }

    /** The channel to the member. */
    public ManagedChannel channel() {
        return channel;
    }

    /** Makes so many changes. */
    public void write(int changes) {
        for (var i = 0; i < changes; i++) {
            switch (random.nextInt(12)) {
                case 0, 1 -> delete(key());
                case 2 -> transaction();
                case 3 -> put(key(), lease(3600));
                case 4 -> revoke();
                default -> put(key(), 0);
            }
        }
    }

    /** Puts a key whose lease expires soon, and returns the key. */
    public ByteString expiring() {
        var key = ByteString.copyFromUtf8("/otherix/leases/expiring");
        put(key, lease(1));
        return key;
    }

    /** Puts thousands of keys, and deletes them in one revision. */
    public void manyAndNone() {
        for (var i = 0; i < MANY; i += MOST_OPERATIONS) {
            var txn = TxnRequest.newBuilder();
            for (var j = i; j < i + MOST_OPERATIONS; j++) {
                txn.addSuccess(put(ByteString.copyFromUtf8("/otherix/many/%05d".formatted(j))));
            }
            var _ = kv.txn(txn.build());
        }
        var _ = kv.deleteRange(DeleteRangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("/otherix/many/"))
                .setRangeEnd(ByteString.copyFromUtf8("/otherix/many0"))
                .build());
    }

    /** Puts one key, and returns the revision. */
    public long putOne() {
        return put(key(), 0);
    }

    public void compact(long revision) {
        var _ = kv.compact(CompactionRequest.newBuilder()
                .setRevision(revision)
                .setPhysical(true)
                .build());
    }

    private long put(ByteString key, long lease) {
        return kv.put(PutRequest.newBuilder()
                        .setKey(key)
                        .setValue(value())
                        .setLease(lease)
                        .build())
                .getHeader()
                .getRevision();
    }

    private RequestOp put(ByteString key) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value()))
                .build();
    }

    private void delete(ByteString key) {
        var _ = kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(key).build());
    }

    private long lease(long seconds) {
        var id = leases.leaseGrant(
                        LeaseGrantRequest.newBuilder().setTTL(seconds).build())
                .getID();
        if (seconds > 1) {
            granted.add(id);
        }
        return id;
    }

    private void revoke() {
        if (!granted.isEmpty()) {
            var _ = leases.leaseRevoke(
                    LeaseRevokeRequest.newBuilder().setID(granted.remove()).build());
        }
    }

    /** Puts some keys and deletes others; two of the changes are in a transaction inside of it. */
    private void transaction() {
        var first = random.nextInt(KEYS - 6);
        var inner = TxnRequest.newBuilder().addSuccess(put(key(first))).addSuccess(delete(first + 1));
        var _ = kv.txn(TxnRequest.newBuilder()
                .addSuccess(put(key(first + 2)))
                .addSuccess(RequestOp.newBuilder().setRequestTxn(inner))
                .addSuccess(delete(first + 3))
                .addSuccess(put(key(first + 4)))
                .build());
    }

    private static RequestOp delete(int key) {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key(key)))
                .build();
    }

    private ByteString key() {
        return key(random.nextInt(KEYS));
    }

    /** One in ten is no text. */
    private static ByteString key(int number) {
        var text = ByteString.copyFromUtf8("/otherix/%s/%02d".formatted(number % 3 == 0 ? "vms" : "users", number));
        return number % 10 == 9 ? text.concat(ByteString.copyFrom(new byte[] {(byte) 0xff})) : text;
    }

    /** Few different values, so that some come back; one in four is large and no text. */
    private ByteString value() {
        if (random.nextInt(4) > 0) {
            return ByteString.copyFromUtf8("value " + random.nextInt(3));
        }
        var bytes = new byte[random.nextInt(20_000)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
