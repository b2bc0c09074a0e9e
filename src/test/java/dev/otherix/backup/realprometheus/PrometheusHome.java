package dev.otherix.backup.realprometheus;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NoProgramException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A directory with Prometheus' programs.
 *
 * @param dir holds {@code prometheus} and {@code promtool}
 * @param version what {@code promtool --version} says, such as {@code 2.42.0+ds}
 * @param origin where the programs came from, for people
 */
public record PrometheusHome(Path dir, String version, String origin) {

    private static final Pattern VERSION = Pattern.compile("promtool, version (\\S+)");

    /**
     * The home in a directory.
     *
     * @throws NoProgramException when a program is missing or does not run here
     */
    static PrometheusHome in(Path dir, String origin) {
        for (var program : new String[] {"prometheus", "promtool"}) {
            if (!Files.isExecutable(dir.resolve(program))) {
                throw new NoProgramException("no program " + program + " in " + dir);
            }
        }
        return new PrometheusHome(dir, versionOf(dir.resolve("promtool")), origin);
    }

    private static String versionOf(Path promtool) {
        try {
            var result = Command.of(promtool.toString(), "--version").run();
            // older ones print it as an error
            var version = VERSION.matcher(result.output() + result.errors());
            if (version.find()) {
                return version.group(1);
            }
            throw new NoProgramException(promtool + " does not tell its version: " + result);
        } catch (UncheckedIOException cause) {
            throw new NoProgramException(promtool + " does not run here: " + cause.getMessage(), cause);
        }
    }

    /** The server. */
    Path prometheus() {
        return dir.resolve("prometheus");
    }

    /** Runs {@code promtool} to its end. */
    public Command.Result promtool(String... arguments) {
        var line = new String[arguments.length + 1];
        line[0] = dir.resolve("promtool").toString();
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return Command.of(line).run();
    }

    @Override
    public String toString() {
        return "Prometheus " + version;
    }
}
