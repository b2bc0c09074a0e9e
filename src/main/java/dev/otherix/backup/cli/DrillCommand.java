package dev.otherix.backup.cli;

import dev.otherix.backup.restore.Drill;
import dev.otherix.backup.restore.DrillOrder;
import dev.otherix.backup.restore.DrillOutcome;
import dev.otherix.backup.snapshot.Space;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Tries whether a cluster could come back from a snapshot. Touches no cluster. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        customSynopsis = {
            "otherix-etcd-backup drill FILE [--etcd PATH] [--scratch DIR] [-o FORMAT]",
            "otherix-etcd-backup drill offsite:NAME|offsite:latest [OPTION...]"
        },
        description = {
            "Tries whether a cluster could come back from a snapshot: restores FILE into a",
            "scratch directory and verifies the result. With --etcd it also starts that etcd",
            "there, without a TCP port, and compares its HashKV and live keys with the",
            "snapshot's. Touches no cluster, and leaves nothing."
        },
        footer = {
            "",
            "Exit code: 0 it could, 1 it could not, or the drill is not possible here, 2 FILE",
            "could not be opened, or bad usage."
        })
final class DrillCommand implements Callable<Integer> {

    private static final Duration LAST_MOMENT = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final PastFiles files;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "the snapshot; a link is followed; or offsite:NAME, offsite:latest")
    private @Nullable Path file;

    @Option(
            names = "--etcd",
            paramLabel = "PATH",
            description = "the etcd to start, of the line that wrote FILE or a later one (default: none)")
    private @Nullable Path etcd;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description =
                    "where it is restored; needs room for the database, 128 MB for the log, and 5 %% of the file system"
                            + " (at most 1 GiB) that stay free (default: the directory of FILE; of a copy, the working"
                            + " directory)")
    private @Nullable Path scratch;

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    DrillCommand(PrintWriter out, PastFiles files) {
        this.out = out;
        this.files = files;
    }

    @Override
    public Integer call() {
        var named = requireFile();
        source.configuredBy(service.arguments(settings));
        var copy = CopyName.ofSource(named);
        if (copy.isEmpty()) {
            source.requireUnused();
            return drill(named, named, Optional.empty());
        }
        var place = place(Path.of("").toAbsolutePath());
        try (var fetched = FetchedAside.in(place, files.sources().of(source), copy.get())) {
            return drill(named, fetched.file(), Optional.of(place));
        }
    }

    private Path requireFile() {
        if (file == null) {
            throw new CommandFailure("no snapshot is named", "Name a file: drill FILE.", ExitCode.USAGE, null);
        }
        if (Files.isDirectory(file)) {
            throw new CommandFailure(
                    file + " is a directory, and drill takes a file",
                    "\"" + Program.NAME + " list " + file + "\" shows the snapshots in it.",
                    ExitCode.USAGE,
                    null);
        }
        return file;
    }

    /** The scratch directory. */
    private Path place(Path otherwise) {
        var place = scratch == null ? otherwise : scratch.toAbsolutePath().normalize();
        if (!Files.isDirectory(place)) {
            throw new CommandFailure(
                    "the scratch directory " + place + " is not there",
                    "Name an existing directory: --scratch DIR.",
                    ExitCode.USAGE,
                    null);
        }
        return place;
    }

    /** @param known the scratch directory; empty: that of the file, unless another is named */
    private int drill(Path named, Path found, Optional<Path> known) {
        var outcome = files.unproven().work(found, path -> {
            var beside = Objects.requireNonNull(path.toRealPath().getParent(), "a file is in a directory");
            var place = known.orElseGet(() -> place(beside));
            var order = new DrillOrder(
                    path,
                    place,
                    Optional.ofNullable(etcd),
                    Space.usualReserve(place.toFile().getTotalSpace()),
                    DrillOrder.Words.OPTIONS);
            return drill(path, order);
        });
        if (output.isJson()) {
            OutputFormat.json(DrillJson.of(named, outcome), out);
        } else {
            print(named, outcome);
        }
        PastFiles.requireWritten(out);
        return outcome instanceof DrillOutcome.Passed ? ExitCode.DONE : ExitCode.FAILED;
    }

    private DrillOutcome drill(Path snapshot, DrillOrder order) throws IOException {
        var drill = new Drill(new SnapshotVerifier(), order);
        try (var progress = new DrillProgress(files, snapshot, order.scratch());
                var _ = new AtExit(() -> end(drill))) {
            return drill.run(progress);
        }
    }

    /** The process ends when this returns. */
    private static void end(Drill drill) {
        drill.end("a signal");
        try {
            drill.awaitEnd(LAST_MOMENT);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(Path named, DrillOutcome outcome) {
        switch (outcome) {
            case DrillOutcome.Passed passed -> new DrillText(out).print(named, passed);
            case DrillOutcome.Failed failed ->
                throw new CommandFailure(
                        "the drill of " + named + " failed: " + OutputFormat.printable(failed.detail()),
                        "Try another snapshot. \"" + Program.NAME + " verify " + named + "\" checks the file alone.",
                        null);
            case DrillOutcome.Skipped skipped ->
                throw new CommandFailure(
                        "no drill of " + named + ": " + OutputFormat.printable(skipped.detail()),
                        "This says nothing about the snapshot.",
                        null);
        }
    }
}
