package dev.otherix.backup.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The systemd service that this process runs as. Knows the commands that let it write to one more directory.
 *
 * @param name such as {@code otherix-etcd-backup.service}
 */
record SystemdUnit(String name) {

    static final Path CGROUP = Path.of("/proc/self/cgroup");

    // cgroups(7): in version 2 the one line without a controller, in version 1 systemd's own hierarchy
    private static final Pattern SERVICE = Pattern.compile("\\d+:(?:name=systemd)?:/.*?([^/]+\\.service)");

    /**
     * The unit of this process; empty if it was started by hand, or in a container.
     *
     * @param environment of this process
     * @param cgroup {@link #CGROUP}, or what stands for it
     */
    static Optional<SystemdUnit> find(Map<String, String> environment, Path cgroup) {
        if (!environment.containsKey("INVOCATION_ID")) {
            return Optional.empty();
        }
        try (var lines = Files.lines(cgroup)) {
            return lines.map(SERVICE::matcher)
                    .filter(Matcher::matches)
                    .map(line -> new SystemdUnit(line.group(1)))
                    .findFirst();
        } catch (IOException | UncheckedIOException unreadable) {
            // then it is not a known systemd, and the general answer applies
            return Optional.empty();
        }
    }

    /**
     * A command for root's shell that creates {@code directory} for {@code user}, or gives an existing one to that
     * user.
     */
    static String make(Path directory, String user) {
        return "install -d -m 0700 -o " + user + " " + shellWord(directory.toString());
    }

    /**
     * Commands for root's shell, one per line, that create {@code directory} for {@code user} and let the unit write
     * snapshots there.
     */
    Stream<String> allow(Path directory, String user) {
        return Stream.concat(Stream.of(make(directory, user)), writing(directory, "snapshots.conf"));
    }

    /** Commands for root's shell, one per line, that let the unit write off-site copies to {@code directory}. */
    Stream<String> allowCopies(Path directory) {
        return writing(directory, "offsite.conf");
    }

    private Stream<String> writing(Path directory, String dropIn) {
        var dropIns = "/etc/systemd/system/" + name + ".d";
        var path = shellWord(unitWord(directory.toString()));
        return Stream.of(
                "mkdir -p " + dropIns,
                "printf '[Service]\\nReadWritePaths=%s\\n' " + path + " > " + dropIns + "/" + dropIn,
                "systemctl daemon-reload",
                "systemctl restart " + name);
    }

    private static String shellWord(String text) {
        return plain(text) ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Quotes it as one word of a list in a unit: see systemd.syntax(7), and systemd.unit(5) for the percent sign. */
    private static String unitWord(String text) {
        var escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%");
        return plain(text) ? text : "\"" + escaped + "\"";
    }

    private static boolean plain(String text) {
        return text.matches("[\\w/.+:@-]+");
    }
}
