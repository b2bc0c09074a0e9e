package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.DirectoryAtStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Keeps paths on this host out of answers: a path from a setting is replaced by the key of that setting, which a user
 * of this host can look up. Only the status and health's details show the directory itself.
 */
@Component
final class ServerPaths {

    /** Longest path first, so that a path inside another one is found. */
    private final Map<String, String> keys = new LinkedHashMap<>();

    ServerPaths(
            BackupProperties backup,
            EtcdProperties etcd,
            ClusterCaProperties ca,
            ObjectProvider<DirectoryAtStart> hanging) {
        var paths = new LinkedHashMap<String, String>();
        if (hanging.getIfAvailable() == null) {
            add(paths, "workers.backup.dir", backup.dir());
        } else {
            addAsWritten(paths, "workers.backup.dir", backup.dir());
        }
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

    /** Without a look at the disk, which may not answer. */
    private static void addAsWritten(Map<String, String> paths, String key, @Nullable Path path) {
        if (path != null) {
            paths.put(path.toString(), key);
            paths.put(path.toAbsolutePath().normalize().toString(), key);
        }
    }

    private static void add(Map<String, String> paths, String key, @Nullable Path path) {
        if (path == null) {
            return;
        }
        addAsWritten(paths, key, path);
        try {
            paths.put(path.toRealPath().toString(), key);
        } catch (IOException notThere) {
            // then nothing can be replaced by that key
        }
    }

    /** The text without the paths. If the key already stands before its path, the path is just removed. */
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
