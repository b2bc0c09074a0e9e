package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands for off-site copies. */
@Command(
        name = "offsite",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Finds, fetches and checks the copies of snapshots in a store. Needs no service,",
            "no token and no etcd."
        })
final class OffsiteCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** With the commands that belong to it. */
    static CommandLine withAll(
            PrintWriter out,
            PastFiles files,
            OffsitePlaces places,
            Function<List<String>, Optional<Path>> directory,
            Clock clock) {
        return new CommandLine(new OffsiteCommand())
                .addSubcommand(new OffsiteListCommand(out, places, clock))
                .addSubcommand(new OffsiteFetchCommand(out, files, places, clock))
                .addSubcommand(new OffsiteCheckCommand(out, files, places, clock))
                .addSubcommand(new OffsiteCardCommand(out, places, directory, clock));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: offsite list, fetch, check or card");
    }
}
