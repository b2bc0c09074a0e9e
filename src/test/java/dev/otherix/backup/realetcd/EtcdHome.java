package dev.otherix.backup.realetcd;

import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A directory with etcd's programs.
 *
 * @param dir holds {@code etcd}, {@code etcdctl} and, from 3.5 on, {@code etcdutl}
 * @param version what {@code etcd --version} says, such as {@code 3.6.14}
 * @param origin where the programs came from, for people
 */
public record EtcdHome(Path dir, String version, String origin) {

    /** The server. */
    public Path etcd() {
        return dir.resolve("etcd");
    }

    /** The client. */
    public Path etcdctl() {
        return dir.resolve("etcdctl");
    }

    /** The offline tool; 3.4 has none. */
    public Path etcdutl() {
        return dir.resolve("etcdutl");
    }

    /** Whether the offline tool is there. */
    public boolean hasEtcdutl() {
        return Files.isExecutable(etcdutl());
    }

    /** Major and minor version, such as {@code 3.6}. */
    public String line() {
        var patch = version.indexOf('.', version.indexOf('.') + 1);
        return patch < 0 ? version : version.substring(0, patch);
    }

    /** Whether it is of this line, such as {@code 3.6}, or of a later one. */
    public boolean isSince(String earliest) {
        return Version.parse(line()).compareTo(Version.parse(earliest)) >= 0;
    }

    @Override
    public String toString() {
        return "etcd " + version;
    }

    /**
     * The home in a directory.
     *
     * @throws NoProgramException when a program is missing or the server does not tell its version
     */
    static EtcdHome in(Path dir, String origin) {
        for (var program : new String[] {"etcd", "etcdctl"}) {
            if (!Files.isExecutable(dir.resolve(program))) {
                throw new NoProgramException("no program " + program + " in " + dir);
            }
        }
        return new EtcdHome(dir, versionOf(dir.resolve("etcd")), origin);
    }

    private static String versionOf(Path etcd) {
        Command.Result result;
        try {
            result = Command.of(etcd.toString(), "--version").run();
        } catch (UncheckedIOException cause) {
            throw new NoProgramException(etcd + " does not run here: " + cause.getMessage(), cause);
        }
        return result.output()
                .lines()
                .filter(line -> line.startsWith("etcd Version: "))
                .map(line -> line.substring("etcd Version: ".length()).strip())
                .findFirst()
                .orElseThrow(() -> new NoProgramException(etcd + " does not tell its version: " + result));
    }

    /** What this line's own tool says of a snapshot, as JSON; fails where it calls the file broken. */
    public String snapshotStatus(Path file) {
        var tool = hasEtcdutl() ? etcdutl() : etcdctl();
        var line = List.of(tool.toString(), "snapshot", "status", file.toString(), "-w", "json");
        return new Command(line, Map.of("ETCDCTL_API", "3"), Duration.ofMinutes(5)).output();
    }

    /**
     * Makes a data directory from a snapshot with this line's etcdutl; fails where that fails.
     *
     * @param data does not exist yet
     * @return {@code data}
     */
    public Path restore(Path snapshot, Path data, String... options) {
        var line = new ArrayList<>(List.of(
                etcdutl().toString(), "snapshot", "restore", snapshot.toString(), "--data-dir", data.toString()));
        line.addAll(List.of(options));
        Command.of(line.toArray(String[]::new)).output();
        return data;
    }
}
