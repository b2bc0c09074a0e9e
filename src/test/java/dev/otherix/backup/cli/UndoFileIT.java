package dev.otherix.backup.cli;

import static dev.otherix.backup.cli.Gateway.delete;
import static dev.otherix.backup.cli.Gateway.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What {@code undo --out} writes, posted to a real member as with curl. */
class UndoFileIT {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EtcdLines
    void aWrongDeleteIsPutBackAndTheRestStaysAsItIs(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home);
                var gateway = new Gateway(etcd)) {
            gateway.txn(List.of(put("/otherix/users/1", "ann"), put("/otherix/uniq/users/username/ann", "1")));
            gateway.txn(List.of(put("/otherix/users/2", "bob"), put("/otherix/nodes/1", "up", gateway.lease(600))));
            gateway.txn(List.of(put("/otherix/users/2", "bob again")));
            var compacted = gateway.txn(List.of(put("/otherix/networks/1", "n")));
            gateway.post("/v3/kv/compaction", "{\"revision\":\"" + compacted + "\",\"physical\":true}");
            var before = gateway.state();
            var accident = gateway.txn(List.of(
                    put("/otherix/users/1", "ann, deleted"),
                    delete("/otherix/uniq/users/username/ann"),
                    put("/otherix/users/2", "bob, wrong"),
                    put("/otherix/tokens/1", "new")));
            gateway.txn(List.of(delete("/otherix/users/2")));
            before.put("/otherix/networks/2", "later 0");
            var later = gateway.txn(List.of(put("/otherix/networks/2", "later")));
            var file = dir.resolve("a.db").toString();
            etcd.etcdctl("snapshot", "save", file);
            var target = dir.resolve("undo.jsonl");
            var run = OfflineScene.run(
                    "undo", file, "--revision", accident + "," + (accident + 1), "--out", target.toString());
            assertThat(run.err()).contains(" has 2 transactions, to be sent in this order");
            assertThat(run.exitCode()).isZero();
            for (var body : Files.readAllLines(target)) {
                assertThat(gateway.post("/v3/kv/txn", body).path("succeeded").asBoolean())
                        .isTrue();
            }
            assertThat(gateway.state()).isEqualTo(before);
            assertThat(gateway.revisions()).containsEntry("/otherix/networks/2", later);
            for (var body : Files.readAllLines(target)) {
                assertThat(gateway.post("/v3/kv/txn", body).path("succeeded").asBoolean())
                        .as("a second time its guard refuses")
                        .isFalse();
            }
            assertThat(gateway.state()).isEqualTo(before);
        }
    }
}
