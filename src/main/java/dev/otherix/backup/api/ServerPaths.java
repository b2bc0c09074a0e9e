package dev.otherix.backup.api;

import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.job.BackupProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps where things lie on this host out of answers: a path that a setting names is told as that setting, which
 * whoever may look at this host can look up. The status and health's details tell the directory itself.
 */
@Component
final class ServerPaths {

    /** Longest path first, so that one inside of another is found. */
    private final Map<String, String> keys = new LinkedHashMap<>();

    ServerPaths(BackupProperties backup, EtcdProperties etcd, ClusterCaProperties ca) {
        var paths = new LinkedHashMap<String, String>();
        add(paths, "workers.backup.dir", backup.dir());
        add(paths, "etcd.ca_file", etcd.caFile());
        add(paths, "etcd.cert_file", etcd.certFile());
        add(paths, "etcd.key_file", etcd.keyFile());
        add(paths, "etcd.password_file", etcd.passwordFile());
        add(paths, "cluster_ca.cert_file", ca.certFile());
        paths.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, String> path) ->
                                path.getKey().length())
                        .reversed())
                .forEach(path -> keys.put(path.getKey(), path.getValue()));
    }

    private static void add(Map<String, String> paths, String key, @Nullable Path path) {
        if (path == null) {
            return;
        }
        paths.put(path.toString(), key);
        paths.put(path.toAbsolutePath().normalize().toString(), key);
        try {
            paths.put(path.toRealPath().toString(), key);
        } catch (IOException notThere) {
            // then nothing can be told by that name
        }
    }

    /** The text without the paths. Where the key stands before its path already, it is enough. */
    String hide(String text) {
        var hidden = text;
        for (var path : keys.entrySet()) {
            hidden = hidden.replace(path.getValue() + " " + path.getKey(), path.getValue())
                    .replace(path.getKey(), path.getValue());
        }
        return hidden;
    }

    Problem hide(Problem problem) {
        return new Problem(problem.code(), hide(problem.message()), problem.details());
    }
}
