package dev.otherix.backup.cli;

import dev.otherix.backup.restore.Restored;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a restore made, for a program. The components are the names in the JSON. */
record RestoreJson(
        String dataDir,
        String name,
        String memberId,
        String clusterId,
        String clusterToken,
        String initialCluster,
        long revision,
        String snapshot,
        String sha256,
        @Nullable String caFingerprint,
        @Nullable String etcdVersion) {

    static RestoreJson of(Path snapshot, Restored restored) {
        return new RestoreJson(
                restored.dataDirectory().toString(),
                restored.member().name(),
                restored.member().hexId(),
                restored.cluster().hexId(),
                restored.cluster().token(),
                restored.cluster().text(),
                restored.revision(),
                snapshot.toString(),
                restored.sha256(),
                restored.caFingerprint().orElse(null),
                restored.etcdVersion().orElse(null));
    }
}
