package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.Comparison.Result;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of real members: of one cluster, and of the same store before and after a restore. */
@NeedsEtcdutl
@Timeout(240)
class ComparisonIT {

    @TempDir
    private Path dir;

    @Test
    void membersOfOneClusterHaveTheSameHistory() throws IOException {
        try (var cluster = EtcdCluster.start(EtcdHomes.first(), 3);
                var workload = new Workload(cluster.member(0).clientUrl())) {
            workload.write(150);
            var compacted = workload.write(1);
            workload.compact(compacted, true);
            var last = workload.write(100);
            var one = save(cluster.member(0), "one.db");
            workload.write(50);
            var other = save(cluster.member(1), "other.db");
            assertThat(compare(one, other)).isEqualTo(new Result.Same(last));
        }
    }

    @Test
    void aRestoreGoesOnWithTheHistoryOrBeginsANewOne() throws IOException {
        var home = EtcdHomes.first();
        Path before;
        long last;
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            last = workload.write(120);
            before = save(etcd, "before.db");
        }
        var restored = home.restore(before, dir.resolve("restored"));
        try (var etcd = EtcdProcess.builder(home).dataDir(restored).start();
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(30);
            assertThat(compare(before, save(etcd, "after.db"))).isEqualTo(new Result.Same(last));
        }
        var raised = home.restore(before, dir.resolve("raised"), "--bump-revision", "1000000", "--mark-compacted");
        try (var etcd = EtcdProcess.builder(home).dataDir(raised).start();
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(30);
            assertThat(compare(before, save(etcd, "raised.db"))).isEqualTo(new Result.NotComparable(1, 0));
        }
        // the store before the restore wrote other changes under the same revisions
        var again = home.restore(before, dir.resolve("again"));
        try (var etcd = EtcdProcess.builder(home).dataDir(again).start()) {
            etcd.etcdctl("put", "/otherix/other", "1");
            assertThat(compare(dir.resolve("after.db"), save(etcd, "other.db")))
                    .isInstanceOfSatisfying(
                            Result.Diverged.class,
                            found -> assertThat(found.revision()).isEqualTo(last + 1));
        }
    }

    private Path save(EtcdProcess etcd, String name) {
        var file = dir.resolve(name);
        etcd.etcdctl("snapshot", "save", file.toString());
        return file;
    }

    private static Result compare(Path one, Path other) throws IOException {
        var options = SnapshotVerifier.Options.rowsOnly(false);
        try (var first = new SnapshotVerifier().verify(one, options, _ -> {});
                var second = new SnapshotVerifier().verify(other, options, _ -> {})) {
            return Comparison.of(List.of(first.storedRows(), second.storedRows()), _ -> {});
        }
    }
}
