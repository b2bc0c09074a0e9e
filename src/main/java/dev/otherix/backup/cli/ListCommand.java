package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.snapshot.Snapshot;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/**
 * Lists a directory of snapshots from their records, with or without a running service. Changes nothing and takes no
 * lock.
 */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        customSynopsis = {
            "otherix-etcd-backup list [-o FORMAT] DIR",
            "   or: otherix-etcd-backup list [-o FORMAT] [--config FILE]... [--KEY=VALUE]..."
        },
        description = {
            "Lists the snapshots in a directory and marks the newest one to restore.",
            "Needs no service and no etcd, and with DIR no configuration. Reads only."
        },
        footer = {
            "",
            "Without DIR it is the workers.backup.dir of the service's configuration.",
            "Exit code: 0 there is a verified snapshot, 1 there is none,",
            "2 the directory could not be read, or bad usage."
        })
final class ListCommand implements Callable<Integer> {

    private static final String WITH_SUDO = "Run the command with sudo, or as the service's user.";

    private final Function<List<String>, Optional<Path>> configured;
    private final PrintWriter out;
    private final Waits waits;
    private final Clock clock;

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "the directory")
    private @Nullable Path directory;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    ListCommand(Function<List<String>, Optional<Path>> configured, PrintWriter out, Waits waits, Clock clock) {
        this.configured = configured;
        this.out = out;
        this.waits = waits;
        this.clock = clock;
    }

    /** @param newestRestorable the name of the one to restore, null if none is verified */
    private record Listing(
            String dir, @Nullable String newestRestorable, Iterable<Snapshot> data, List<String> setAside) {}

    @Override
    public Integer call() {
        var path = chosen();
        try {
            return print(listing(path));
        } catch (DirectoryFailure unreadable) {
            throw new CommandFailure(
                    String.valueOf(unreadable.getMessage()),
                    "Name the directory of the snapshots, as a user who may read it.",
                    ExitCode.NOT_READ,
                    unreadable);
        }
    }

    private DirectoryListing listing(Path path) {
        try (var _ = waits.on(path)) {
            requireDirectory(path);
            return DirectoryListing.of(path);
        }
    }

    private int print(DirectoryListing listing) {
        if (!listing.readable()) {
            throw new CommandFailure(
                    "this user may not read the files in " + listing.path(), WITH_SUDO, ExitCode.NOT_READ, null);
        }
        var newest = listing.newestRestorable();
        if (output.isJson()) {
            OutputFormat.json(
                    new Listing(
                            listing.path().toString(),
                            newest.map(snapshot -> snapshot.name().toString()).orElse(null),
                            listing.newestFirst()::iterator,
                            listing.setAside()),
                    out);
        } else {
            new ListingText(out, clock.instant()).print(listing);
        }
        if (out.checkError()) {
            throw new CommandFailure(
                    "the list could not be written to standard output",
                    "Check where the output goes.",
                    ExitCode.NOT_READ,
                    null);
        }
        return newest.isPresent() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private Path chosen() {
        var arguments = options.arguments(settings);
        if (directory == null) {
            return configured
                    .apply(arguments)
                    .orElseThrow(() -> new CommandFailure(
                            "workers.backup.dir is not set, so there is no directory to list",
                            "Name it: " + Program.NAME
                                    + " list DIR. Or give the --config FILE that the service was started with.",
                            ExitCode.USAGE,
                            null));
        }
        if (!arguments.isEmpty()) {
            throw new CommandFailure(
                    "DIR cannot be combined with " + String.join(" ", arguments),
                    "Give only DIR, or leave it out.",
                    ExitCode.USAGE,
                    null);
        }
        return directory;
    }

    private static void requireDirectory(Path path) {
        if (Files.isRegularFile(path)) {
            throw new CommandFailure(
                    path + " is a file, not a directory",
                    "To look into a file: " + Program.NAME + " verify " + path + ".",
                    ExitCode.NOT_READ,
                    null);
        }
        UnreadableFile.ofDirectory(path).ifPresent(why -> {
            throw new CommandFailure(
                    path + " " + why.problem(),
                    why.missing() ? "Name the directory of the snapshots: " + Program.NAME + " list DIR." : WITH_SUDO,
                    ExitCode.NOT_READ,
                    null);
        });
    }
}
