package dev.otherix.backup.realetcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member shall be, ports aside.
 *
 * @param dataDir where the data are already; null for a new place
 * @param scheme how clients reach it
 * @param clientFlags what etcdctl needs to reach it
 * @param answersAlone whether it can answer a read as soon as it runs: no other member has to be there
 */
record EtcdSettings(
        EtcdHome home,
        String name,
        List<String> serverFlags,
        @Nullable Path dataDir,
        Duration startTimeout,
        String scheme,
        List<String> clientFlags,
        boolean answersAlone) {

    EtcdSettings {
        serverFlags = List.copyOf(serverFlags);
        clientFlags = List.copyOf(clientFlags);
    }

    /** The same member among others. */
    EtcdSettings inCluster() {
        return new EtcdSettings(home, name, serverFlags, dataDir, startTimeout, scheme, clientFlags, false);
    }
}
