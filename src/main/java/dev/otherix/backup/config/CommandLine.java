package dev.otherix.backup.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The service's arguments: any number of {@code --config FILE}, {@code --key=value} for settings, and Spring's own
 * {@code --logging.level.root=debug} and the like, which are left to Spring. Anything else is refused, because a user
 * would rely on an option that is silently ignored.
 */
record CommandLine(List<Path> files, List<Setting> settings) {

    private static final String SOURCE = "the command line";
    static final Set<String> OF_SPRING = Set.of("spring", "logging", "management", "server", "debug", "trace", "info");

    static CommandLine parse(String[] arguments, KnownKeys known) {
        var files = new ArrayList<Path>();
        var settings = new ArrayList<Setting>();
        var rest = Arrays.asList(arguments).iterator();
        while (rest.hasNext()) {
            var argument = rest.next();
            if (argument.equals("--config")) {
                files.add(file(rest.hasNext() ? rest.next() : ""));
            } else if (argument.startsWith("--config=")) {
                files.add(file(argument.substring("--config=".length())));
            } else {
                setting(argument, known, settings);
            }
        }
        return new CommandLine(List.copyOf(files), List.copyOf(settings));
    }

    private static Path file(String name) {
        if (name.isEmpty() || name.startsWith("--")) {
            throw new InvalidSetting("--config", null, "names no file", "Write --config FILE.").at(SOURCE);
        }
        return Path.of(name).toAbsolutePath().normalize();
    }

    private static void setting(String argument, KnownKeys known, List<Setting> settings) {
        var equals = argument.indexOf('=');
        var name = equals < 0 ? argument : argument.substring(0, equals);
        if (!name.startsWith("--") || name.length() == 2) {
            throw new InvalidSetting(
                            name, null, "is not an option", "Write settings as --key=value, files as --config FILE.")
                    .at(SOURCE);
        }
        var key = name.substring(2);
        if (known.contains(key)) {
            if (equals < 0) {
                throw new InvalidSetting(key, null, "has no value", "Write --" + key + "=VALUE, with the equals sign.")
                        .at(SOURCE);
            }
            settings.add(new Setting(key, argument.substring(equals + 1), SOURCE));
        } else if (known.isInOurBlocks(key) || !OF_SPRING.contains(KnownKeys.firstPart(key))) {
            throw known.unknown(key).at(SOURCE);
        }
    }
}
