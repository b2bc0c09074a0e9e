package dev.otherix.backup;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The commands of a page, run as they stand. A block is a fenced one after a comment that names it; its first lines, up
 * to an empty one, set the variables that a reader changes. Each run has to give every one of them, so that no path of
 * the text is ever touched. {@code otherix-etcd-backup} is the packaged jar.
 */
final class Runbook {

    private static final Path NO_CONFIGURATION =
            Path.of("target/no-configuration").toAbsolutePath();
    private static final Pattern BLOCK =
            Pattern.compile("<!-- test: ([a-z-]+) -->\n```bash\n(.*?)```\n", Pattern.DOTALL);
    private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=.*");
    private static final Pattern THIS_HOST =
            Pattern.compile("/(var|etc|root|opt|home)\\b|\\b(systemctl|sudo|otherix-api)\\b");

    private final Path page;
    private final SequencedMap<String, String> blocks = new LinkedHashMap<>();

    /** The page for a restore. */
    static Runbook restore() {
        return new Runbook(Path.of("src/site/markdown/restore.md"));
    }

    Runbook(Path page) {
        this.page = page;
        try {
            var matcher = BLOCK.matcher(Files.readString(page));
            while (matcher.find()) {
                if (blocks.put(matcher.group(1), matcher.group(2)) != null) {
                    throw new IllegalStateException("two blocks named " + matcher.group(1));
                }
            }
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The blocks' names, in the order of the text. */
    SequencedSet<String> names() {
        return blocks.sequencedKeySet();
    }

    /** The lines of a block that are not empty. */
    List<String> lines(String name) {
        return block(name).lines().filter(line -> !line.isEmpty()).toList();
    }

    /**
     * Runs a block with bash, with the programs of {@code home} first on {@code PATH}; the first command that fails
     * ends it.
     *
     * @param variables a value for each variable that the block sets, and for no other
     */
    Command.Result run(String name, EtcdHome home, Map<String, ?> variables) {
        return run(name, home, variables, Map.of());
    }

    /** @param environment added to what this process has */
    Command.Result run(String name, EtcdHome home, Map<String, ?> variables, Map<String, String> environment) {
        return run(List.of("bash", "-e", "-u", "-o", "pipefail", "-c", script(name, variables)), home, environment);
    }

    /**
     * As {@link #run(String, EtcdHome, Map)}, as in a terminal: bash goes on after a command that fails, unless the
     * block stops it.
     */
    Command.Result paste(String name, EtcdHome home, Map<String, ?> variables) {
        return run(List.of("bash", "-c", script(name, variables)), home, Map.of());
    }

    private static Command.Result run(List<String> line, EtcdHome home, Map<String, String> environment) {
        var all = new LinkedHashMap<>(environment);
        all.put("PATH", home.dir() + ":" + System.getenv("PATH"));
        return new Command(line, all, Duration.ofSeconds(90)).run();
    }

    private String block(String name) {
        var block = blocks.get(name);
        if (block == null) {
            throw new IllegalArgumentException("no block named " + name + " in " + page);
        }
        return block;
    }

    private String script(String name, Map<String, ?> variables) {
        var lines = block(name).lines().toList();
        var theirs = lines.stream()
                .takeWhile(line -> VARIABLE.matcher(line).matches())
                .toList();
        var names = theirs.stream()
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
        if (!variables.keySet().equals(Set.copyOf(names))) {
            throw new IllegalArgumentException("block " + name + " sets " + names + ", not " + variables.keySet());
        }
        var script = new StringBuilder(JarProcess.function("otherix-etcd-backup", NO_CONFIGURATION));
        variables.forEach((variable, value) ->
                script.append(variable).append("='").append(value).append("'\n"));
        for (var line : lines.subList(theirs.size(), lines.size())) {
            if (THIS_HOST.matcher(line).find()) {
                throw new IllegalStateException("block " + name + " would touch this host: " + line);
            }
            script.append(line).append('\n');
        }
        return script.toString();
    }
}
