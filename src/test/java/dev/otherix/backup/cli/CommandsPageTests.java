package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** The page about the commands against the commands themselves. */
class CommandsPageTests {

    private static final Set<String> OF_EACH = Set.of("-h", "--help", "-V", "--version");
    private static final Pattern OPTION_ROW = Pattern.compile("(?m)^\\| (`-[^|]+) \\|");
    private static final Pattern OPTION = Pattern.compile("`(--?[a-z-]+)[ `]");

    @Test
    void eachCommandHasItsSectionAndEachSectionItsCommand() throws IOException {
        assertThat(sections().keySet())
                .containsExactlyInAnyOrderElementsOf(commands().keySet());
    }

    @Test
    void eachSectionHasTheCommandsOptionsAndNoOther() throws IOException {
        var sections = sections();
        assertThat(commands()).allSatisfy((name, command) -> {
            var options = command.options().stream()
                    .flatMap(option -> Arrays.stream(option.names()))
                    .filter(option -> !OF_EACH.contains(option));
            assertThat(documented(sections.getOrDefault(name, "")))
                    .isEqualTo(options.collect(Collectors.toCollection(TreeSet::new)));
        });
    }

    @Test
    void eachSectionShowsTheCommandWithItsRequiredOptionsAndItsArguments() throws IOException {
        var sections = sections();
        assertThat(commands()).allSatisfy((name, command) -> {
            var arguments = command.positionalParameters().stream()
                    .map(ArgSpec::paramLabel)
                    .filter(label -> !label.startsWith("["));
            var required =
                    command.requiredArgs().stream().filter(ArgSpec::isOption).map(option -> option.paramLabel());
            var words = Stream.concat(Stream.of("otherix-etcd-backup " + name), Stream.concat(arguments, required))
                    .toList();
            assertThat(sections.getOrDefault(name, "").split("```")[1]).contains(words);
        });
    }

    private static Map<String, CommandSpec> commands() {
        var nowhere = new PrintWriter(Writer.nullWriter());
        var program = new Commands(
                        _ -> {
                            throw new AssertionError("no service is asked");
                        },
                        _ -> Optional.empty(),
                        nowhere,
                        nowhere)
                .program();
        var commands = new LinkedHashMap<String, CommandSpec>();
        leaves("", program, commands);
        return commands;
    }

    /** Commands that do something, by their words after the program's name. */
    private static void leaves(String words, CommandLine command, Map<String, CommandSpec> commands) {
        var acts = command.getCommand() instanceof Callable<?> && !words.isEmpty();
        if (command.getSubcommands().isEmpty() || acts) {
            commands.put(words.strip(), command.getCommandSpec());
        }
        command.getSubcommands().forEach((name, sub) -> leaves(words + " " + name, sub, commands));
    }

    private static Map<String, String> sections() throws IOException {
        var page = Files.readString(Path.of("src/site/markdown/commands.md"));
        return Arrays.stream(page.split("\n## "))
                .skip(1)
                .collect(Collectors.toMap(section -> section.lines().findFirst().orElseThrow(), section -> section));
    }

    private static Set<String> documented(String section) {
        return OPTION_ROW
                .matcher(section)
                .results()
                .flatMap(row -> OPTION.matcher(row.group(1)).results().map(CommandsPageTests::name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(MatchResult option) {
        return option.group(1);
    }
}
