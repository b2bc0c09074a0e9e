package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our numbers of a file are those of etcd's own tool for it, and its hash is that of the live member. */
@NeedsEtcd
@Timeout(120)
class ParityIT {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path dir;

    private final AtomicInteger files = new AtomicInteger();

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aHistoryThatWasNeverCompacted(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            compare(etcd);
            workload.write(600);
            assertThat(compare(etcd).compactRevision()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aHistoryThatWasCompacted(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(400);
            var middle = workload.write(1);
            workload.write(200);
            workload.compact(middle, true);
            assertThat(compare(etcd).compactRevision()).isEqualTo(middle);
            var last = workload.write(1);
            workload.compact(last, true);
            assertThat(compare(etcd).compactRevision()).isEqualTo(last);
            var deletion = workload.putAndDelete();
            workload.compact(deletion, true);
            assertThat(compare(etcd).revision()).isEqualTo(deletion);
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aCompactionUnderWay(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home, flag(home) + "=5");
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(1500);
            var middle = workload.write(1);
            workload.write(100);
            workload.compact(middle, false);
            var under = compare(etcd);
            assertThat(under.compactRevision()).isEqualTo(middle);
            workload.compact(workload.write(1), true);
            assertThat(compare(etcd).totalEntries())
                    .as("entries while the compaction ran, and after")
                    .isLessThan(under.totalEntries() - 200);
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberThatCompactedAfterTheSnapshot(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(300);
            var middle = workload.write(1);
            var last = workload.write(100);
            try (var proof = verified(save(etcd))) {
                workload.compact(middle, true);
                var live = hashKv(etcd, last);
                assertThat(live.get("compact_revision").asLong()).isEqualTo(middle);
                assertThat(proof.hashKv(middle))
                        .isEqualTo(live.get("hash").asLong())
                        .isNotEqualTo(proof.facts().orElseThrow().hashKv());
            }
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aStoreWithoutAnyKey(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(100);
            var last = workload.deleteAll();
            try (var proof = verified(save(etcd))) {
                var facts = proof.facts().orElseThrow();
                assertThat(facts.liveKeys()).isZero();
                assertThat(facts.comparable()).isFalse();
                assertThat(facts.revision()).isEqualTo(last);
                assertThat(facts.hashKv())
                        .as("nothing is compacted, so all rows count")
                        .isEqualTo(hashKv(etcd, 0).get("hash").asLong());
            }
        }
    }

    @ParameterizedTest
    @EtcdLines({"3.5", "3.6", "3.7"})
    @Execution(ExecutionMode.CONCURRENT)
    void aStoreRestoredWithARaisedRevision(EtcdHome home) throws IOException {
        Path saved;
        long revision;
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            revision = workload.write(300);
            saved = save(etcd);
        }
        var data = dir.resolve("restored-" + home.version());
        home.restore(saved, data, "--bump-revision", "1000000", "--mark-compacted");
        try (var etcd = EtcdProcess.builder(home).dataDir(data).start()) {
            var facts = compare(etcd);
            assertThat(facts.revision()).isEqualTo(revision + 1_000_000);
        }
    }

    /** Saves a snapshot and holds our numbers against etcd's. */
    private StoreFacts compare(EtcdProcess etcd) throws IOException {
        var file = save(etcd);
        var live = hashKv(etcd, 0);
        var status = JSON.readTree(etcd.home().snapshotStatus(file));
        try (var proof = verified(file)) {
            var facts = proof.facts().orElseThrow();
            var ours = proof.details().orElseThrow().status();
            assertThat(ours.hash()).isEqualTo(status.get("hash").asLong());
            assertThat(ours.revision()).isEqualTo(status.get("revision").asLong());
            assertThat(ours.totalSize()).isEqualTo(status.get("totalSize").asLong());
            assertThat(etcd.home().isSince("3.6") ? ours.totalKey36() : ours.totalKey35())
                    .isEqualTo(status.get("totalKey").asLong());
            assertThat(proof.details().orElseThrow().storageVersion())
                    .isEqualTo(status.has("version") ? status.get("version").asString() : null);
            assertThat(facts.revision())
                    .isEqualTo(live.get("header").get("revision").asLong());
            assertThat(facts.compactRevision())
                    .isEqualTo(live.get("compact_revision").asLong());
            if (facts.comparable()) {
                assertThat(facts.hashKv()).isEqualTo(live.get("hash").asLong());
            }
            return facts;
        }
    }

    private Path save(EtcdProcess etcd) {
        var file = dir.resolve(files.incrementAndGet() + ".db");
        etcd.etcdctl("snapshot", "save", file.toString());
        return file;
    }

    private static SnapshotProof verified(Path file) throws IOException {
        var proof = new SnapshotVerifier().verify(file, new SnapshotVerifier.Options(false, 0, true), bytes -> {});
        assertThat(proof.findings()).isEmpty();
        return proof;
    }

    private static JsonNode hashKv(EtcdProcess etcd, long revision) {
        return JSON.readTree(etcd.etcdctl("endpoint", "hashkv", "--rev=" + revision, "-w", "json"))
                .get(0)
                .get("HashKV");
    }

    private static String flag(EtcdHome home) {
        return home.isSince("3.6") ? "--compaction-batch-limit" : "--experimental-compaction-batch-limit";
    }
}
