package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.Workload;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.json.JsonMapper;

/** A rewound snapshot is what the live member says about that revision, and etcd's own tools take it. */
@NeedsEtcd
@Timeout(240)
class RewindIT {

    private static final int MOMENTS = 6;

    @TempDir
    private Path dir;

    private final AtomicInteger files = new AtomicInteger();

    @ParameterizedTest
    @EtcdLines({"3.5", "3.6", "3.7"})
    @Execution(ExecutionMode.CONCURRENT)
    void eachMomentIsWhatTheMemberSaysAboutIt(EtcdHome home) throws Exception {
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl());
                var live = new Live(etcd.clientUrl())) {
            workload.write(300);
            var compacted = workload.write(1);
            var before = workload.write(200);
            workload.compact(compacted, true);
            var lease = workload.lend(20);
            var lent = workload.write(50);
            workload.revoke(lease);
            var allDeleted = workload.deleteAll();
            var last = workload.write(150);
            var snapshot = save(etcd);

            var moments = new TreeSet<>(List.of(compacted, lent, allDeleted, last));
            var random = new Random(11);
            while (moments.size() < 4 + MOMENTS) {
                moments.add(compacted + random.nextInt((int) (last - compacted)));
            }
            for (var moment : moments) {
                var rewound = dir.resolve("at-" + home.version() + "-" + moment + ".db");
                var made = rewind(snapshot, moment, rewound);
                assertThat(made.record().content().revision()).isEqualTo(moment);
                var needsLease = moment > before && moment <= lent;
                assertThat(made.addedLeases()).as("at %d", moment).isEqualTo(needsLease ? 1 : 0);
                // the hash of a compaction's own revision is remembered from before it; without a key it depends on
                // rows
                if (moment != compacted && moment != allDeleted) {
                    assertThat(made.record().content().hashKv())
                            .as("at %d", moment)
                            .isEqualTo(live.hashKv(moment));
                }
                live.equalsTheKeysOf(rewound, moment);
                var status = new JsonMapper().readTree(home.snapshotStatus(rewound));
                assertThat(status.get("revision").asLong()).isEqualTo(moment);
            }
        }
    }

    @ParameterizedTest
    @EtcdLines({"3.5", "3.6", "3.7"})
    @Execution(ExecutionMode.CONCURRENT)
    void itIsRestoredStartsTakesWritesAndItsLeasesExpire(EtcdHome home) throws Exception {
        var rewound = dir.resolve("lent-" + home.version() + ".db");
        long moment;
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(50);
            var lease = workload.lend(7);
            moment = workload.write(20);
            workload.revoke(lease);
            workload.write(20);
            assertThat(rewind(save(etcd), moment, rewound).addedLeases()).isEqualTo(1);
        }
        var data = dir.resolve("restored-" + home.version());
        home.restore(rewound, data);
        try (var etcd = EtcdProcess.builder(home).dataDir(data).start();
                var workload = new Workload(etcd.clientUrl());
                var live = new Live(etcd.clientUrl())) {
            assertThat(live.count("/otherix/lent/")).isEqualTo(7);
            assertThat(workload.write(1)).isEqualTo(moment + 1);
            await("the lease that was added expires")
                    .atMost(Duration.ofSeconds(150))
                    .until(() -> live.count("/otherix/lent/") == 0);
        }
    }

    /** What a live member says. */
    private static final class Live implements AutoCloseable {

        private final ManagedChannel channel;

        private Live(String clientUrl) {
            var url = URI.create(clientUrl);
            channel = Grpc.newChannelBuilderForAddress(
                            url.getHost(), url.getPort(), InsecureChannelCredentials.create())
                    .maxInboundMessageSize(64 << 20)
                    .build();
        }

        private long hashKv(long revision) {
            return Integer.toUnsignedLong(MaintenanceGrpc.newBlockingStub(channel)
                    .hashKV(HashKVRequest.newBuilder().setRevision(revision).build())
                    .getHash());
        }

        private RangeRequest.Builder all() {
            var zero = ByteString.copyFrom(new byte[1]);
            return RangeRequest.newBuilder().setKey(zero).setRangeEnd(zero);
        }

        private long count(String prefix) {
            return KVGrpc.newBlockingStub(channel).range(all().build()).getKvsList().stream()
                    .filter(found -> found.getKey().toStringUtf8().startsWith(prefix))
                    .count();
        }

        private void equalsTheKeysOf(Path rewound, long revision) throws IOException {
            var expected = KVGrpc.newBlockingStub(channel)
                    .range(all().setRevision(revision).build())
                    .getKvsList();
            try (var proof = new SnapshotVerifier().verify(rewound, SnapshotVerifier.Options.rowsOnly(false), _ -> {});
                    var live = proof.storedRows().liveAt(revision, _ -> {})) {
                var found = new ArrayList<KeyValue>();
                var rows = live.rows();
                while (rows.next()) {
                    found.add(KeyValue.newBuilder()
                            .setKey(ByteString.copyFrom(rows.key()))
                            .setCreateRevision(rows.createRevision())
                            .setModRevision(rows.revision())
                            .setVersion(rows.version())
                            .setLease(rows.lease())
                            .setValue(ByteString.copyFrom(rows.value()))
                            .build());
                }
                assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            }
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    private Path save(EtcdProcess etcd) {
        var file = dir.resolve(files.incrementAndGet() + ".db");
        etcd.etcdctl("snapshot", "save", file.toString());
        return file;
    }

    private static Rewind.Made rewind(Path source, long revision, Path target) throws IOException {
        return new Rewind(new SnapshotVerifier(), Clock.systemUTC()).to(revision, source, false, target, new Silent());
    }

    static final class Silent implements Rewind.Listener {

        @Override
        public LongConsumer reading() {
            return _ -> {};
        }

        @Override
        public LongConsumer proving(long bytes) {
            return _ -> {};
        }
    }
}
