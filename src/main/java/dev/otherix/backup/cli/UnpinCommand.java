package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Returns a snapshot to retention. */
@Command(
        name = "unpin",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        customSynopsis = "otherix-etcd-backup unpin NAME [--config FILE]... [--KEY=VALUE]...",
        description = {
            "Asks the running service to give a pinned snapshot back to retention.",
            "Prints its name. Retention may remove the snapshot after the next run."
        },
        footer = {
            "",
            "The service and the token are found as by the command snapshot.",
            "Exit code: 0 done, 1 not done, 2 bad usage or a wrong configuration."
        })
final class UnpinCommand implements Callable<Integer> {

    private final Function<List<String>, Service> service;
    private final PrintWriter out;

    @Mixin
    private NamedSnapshot snapshot = new NamedSnapshot();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    UnpinCommand(Function<List<String>, Service> service, PrintWriter out) {
        this.service = service;
        this.out = out;
    }

    @Override
    public Integer call() {
        return snapshot.pin(false, options.find(settings, service), out);
    }
}
