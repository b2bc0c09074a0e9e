package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What the runbook says of a snapshot that a newer etcd wrote: each etcdutl restores it, 3.6 refuses the result, 3.5
 * does not look.
 */
class NewerSnapshotIT {

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EtcdLines("3.7")
    void aToolOfAnyLineRestoresItAndOnlyTheServerOf36Refuses(EtcdHome newer) {
        var snapshot = temporary.resolve("newer.db");
        try (var member = EtcdProcess.start(newer)) {
            member.etcdctl("put", "/otherix/vms/a", "b");
            // the storage gets the version of its cluster some seconds after the first start
            Awaitility.await().untilAsserted(() -> {
                snapshot.toFile().delete();
                member.etcdctl("snapshot", "save", snapshot.toString());
                assertThat(newer.snapshotStatus(snapshot)).contains("\"version\":\"3.7.0\"");
            });
        }

        var tools = EtcdHomes.all().stream().filter(EtcdHome::hasEtcdutl).toList();
        assertThat(tools).contains(newer);
        assertThat(tools).allSatisfy(tool -> {
            assertThat(starts(newer, restored(tool, snapshot, newer))).isEqualTo("b\n");
            EtcdHomes.line("3.6")
                    .ifPresent(server -> assertThatThrownBy(() -> starts(server, restored(tool, snapshot, server)))
                            .hasMessageContaining("version \"3.7.0\" is not supported"));
            EtcdHomes.line("3.5")
                    .ifPresent(server -> assertThat(starts(server, restored(tool, snapshot, server)))
                            .isEqualTo("b\n"));
        });
    }

    private Path restored(EtcdHome tool, Path snapshot, EtcdHome server) {
        return tool.restore(snapshot, temporary.resolve("by-" + tool.version() + "-for-" + server.version()));
    }

    private static String starts(EtcdHome server, Path dataDir) {
        try (var member = EtcdProcess.builder(server).dataDir(dataDir).start()) {
            return member.etcdctl("get", "/otherix/vms/a", "--print-value-only");
        }
    }
}
