package dev.otherix.backup.cli;

import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The settings that a command takes in the same way as the service: {@code --config FILE} and {@code --KEY=VALUE}. */
final class ServiceOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Option(names = "--config", paramLabel = "FILE", description = "a configuration file of the service")
    private List<String> files = new ArrayList<>();

    /**
     * The arguments for the configuration, as the service takes them. @param rest the arguments that the command itself
     * does not know @throws ParameterException if one cannot be a setting: keys have a dot
     */
    List<String> arguments(List<String> rest) {
        for (var argument : rest) {
            var name = argument.replaceFirst("=.*", "");
            if (!name.startsWith("-")) {
                throw new ParameterException(command.commandLine(), "unknown argument: " + argument);
            }
            if (!name.contains(".")) {
                throw new ParameterException(command.commandLine(), "unknown option: " + name + meant(name, command));
            }
        }
        var arguments = new ArrayList<>(rest);
        files.forEach(file -> arguments.addAll(List.of("--config", file)));
        return arguments;
    }

    /** A question for the end of a message, empty if no option of the command is similar. */
    static String meant(String option, CommandSpec command) {
        var names = command.options().stream()
                .flatMap(known -> Arrays.stream(known.names()))
                .filter(name -> name.startsWith("--"))
                .map(ServiceOptions::word)
                .toList();
        return Nearest.of(word(option), names)
                .map(near -> ". Did you mean --" + near + "?")
                .orElse("");
    }

    private static String word(String option) {
        return option.replaceFirst("^-+", "");
    }

    /**
     * The service that these settings belong to.
     *
     * @param rest the arguments that the command itself does not know @throws CommandFailure if it cannot be found
     *     because it listens on any free port
     */
    Service find(List<String> rest, Function<List<String>, Service> service) {
        var found = service.apply(arguments(rest));
        var address = found.listen();
        if (address.port() == 0) {
            throw new CommandFailure(
                    "api.listen = " + address + " lets the system choose the port, so the service cannot be found",
                    "Give the port that the service's log shows, for example --api.listen="
                            + new ListenAddress(address.host(), 8090) + ".",
                    ExitCode.USAGE,
                    null);
        }
        return found;
    }
}
