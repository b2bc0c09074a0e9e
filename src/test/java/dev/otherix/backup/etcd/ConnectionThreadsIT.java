package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Counts the threads of connections, so nothing else may connect meanwhile. */
@NeedsEtcd
class ConnectionThreadsIT {

    @Test
    void aConnectionLeavesNoThreadBehind() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            var connection = Members.at(etcd).connect();
            assertThat(etcdThreads()).hasSize(1).allMatch(Thread::isDaemon);
            connection.close();
            Awaitility.await().untilAsserted(() -> assertThat(etcdThreads()).isEmpty());
        }
    }

    private static List<Thread> etcdThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("etcd-"))
                .toList();
    }
}
