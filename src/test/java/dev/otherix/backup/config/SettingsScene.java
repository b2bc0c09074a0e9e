package dev.otherix.backup.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** A directory that stands for /etc/otherix, an environment, and six blocks to read. */
final class SettingsScene {

    private static final List<Class<? extends Record>> BLOCKS =
            List.of(Worker.class, Etcd.class, Stream.class, Api.class, ClusterCa.class, Check.class);

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();

    SettingsScene(Path directory) {
        this.directory = directory;
    }

    Path file(String name, String content) {
        try {
            return Files.writeString(directory.resolve(name), content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Path backupYaml(String content) {
        return file("backup.yaml", content);
    }

    void variable(String name, String value) {
        environment.put(name, value);
    }

    Settings load(String... arguments) {
        return Settings.load(BLOCKS, arguments, environment, directory);
    }

    void bindAll(String... arguments) {
        var settings = load(arguments);
        BLOCKS.forEach(settings::bind);
    }

    @SharedWithOtherix
    @Block("workers.backup")
    record Worker(
            @Default("false") boolean enabled,
            @Default("6h") Duration interval,
            @Nullable Path dir,
            @Default("7") int retention) {

        Worker {
            if (retention < 0) {
                throw new InvalidSetting("workers.backup.retention", retention, "is below zero", "Write more.");
            }
            if (enabled && dir == null) {
                throw new InvalidSetting("workers.backup.dir", null, "is not set", "Set it.");
            }
        }
    }

    @Block("etcd")
    record Etcd(
            @SharedWithOtherix @Default("http://127.0.0.1:2379")
            URI clientUrl,

            @Nullable Path caFile,
            @Nullable String username) {}

    @Block("stream")
    record Stream(
            @Default("30s") Duration stallTimeout,
            @Default("off") @Nullable DataSize rateLimit) {}

    @Block("api")
    record Api(
            @Default("127.0.0.1:8090") @InPlaceOf("server") ListenAddress listen) {}

    enum Choice {
        NOW_AND_THEN,
        NEVER
    }

    @Block("check")
    record Check(@Default("never") Choice how) {}

    @Block("cluster_ca")
    record ClusterCa(@SharedWithOtherix @Default("/ca.crt") Path certFile) {}
}
