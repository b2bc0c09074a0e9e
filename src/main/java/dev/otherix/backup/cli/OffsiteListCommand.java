package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Lists the copies in the stores. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        customSynopsis = {
            "otherix-etcd-backup offsite list [--target T] [--cluster C] [--member ID]",
            "      [-o FORMAT] [--from URL [--endpoint-url URL] [--region R] [--ca-file FILE]",
            "      [--path-style]] [--config FILE]... [--KEY=VALUE]..."
        },
        description = {
            "Lists the copies of snapshots, of all members, by their records in the store.",
            "The copies themselves are not read: offsite check does that. Needs no identity."
        },
        footer = {"", "Exit code: 0 there is a copy, 1 there is none, 2 the store could not be read, or", "bad usage."})
final class OffsiteListCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final OffsitePlaces places;
    private final Clock clock;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    OffsiteListCommand(PrintWriter out, OffsitePlaces places, Clock clock) {
        this.out = out;
        this.places = places;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        var choice = new CopyChoice(copies.cluster(), store.member(), Optional.empty());
        var listed = new ArrayList<CopyList>();
        for (var place : places.of(store, options.arguments(settings))) {
            try (var opened = place.store().get()) {
                listed.add(new CopyList(
                        place.target(),
                        opened.place(),
                        choice.of(OffsiteSource.contents(opened, place.prefix(), choice))));
            }
        }
        if (output.isJson()) {
            OutputFormat.json(CopyListJson.of(listed), out);
        } else {
            var text = new CopyListText(out, clock.instant());
            listed.forEach(text::print);
        }
        PastFiles.requireWritten(out);
        return listed.stream().anyMatch(list -> !list.copies().isEmpty()) ? ExitCode.DONE : ExitCode.FAILED;
    }
}
