package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.time.Clock;
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
            "Finds, fetches, checks and deletes the copies of snapshots in a store. Needs no",
            "service, no token and no etcd; only delete asks the service of this host."
        })
final class OffsiteCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** With the commands that belong to it. */
    static CommandLine withAll(
            PrintWriter out, PastFiles files, OffsitePlaces places, OffsiteDeleteCommand.Running running, Clock clock) {
        return new CommandLine(new OffsiteCommand())
                .addSubcommand(new OffsiteListCommand(out, places, clock))
                .addSubcommand(new OffsiteFetchCommand(out, files, places, clock))
                .addSubcommand(new OffsiteCheckCommand(out, files, places, clock))
                .addSubcommand(new OffsiteDeleteCommand(out, places, running, clock))
                .addSubcommand(new OffsiteCardCommand(out, places, running.directory(), clock));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: offsite list, fetch, check, delete or card");
    }
}
