package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.restore.Restoration;
import dev.otherix.backup.restore.RestoreOrder;
import dev.otherix.backup.restore.Restored;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Makes the data directory of a member out of a snapshot. Touches no cluster. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        customSynopsis = {
            "otherix-etcd-backup restore FILE --data-dir D --name N --peer-url U[,U]",
            "      [OPTION...]",
            "otherix-etcd-backup restore FILE --api-config /etc/otherix/api.yaml [OPTION...]",
            "otherix-etcd-backup restore offsite:NAME|offsite:latest [OPTION...]"
        },
        description = {
            "Makes the data directory of an etcd member out of a snapshot. FILE is verified",
            "first. The directory is built beside D, synced and verified, and gets its name",
            "last: there is a whole one or none. Nothing is overwritten, and no cluster is",
            "touched. Needs no etcd and no other tool. Run it as root or as the user of",
            "otherix-api. \"restore plan\" says which snapshot to take, and what to do on",
            "which host."
        },
        footer = {
            "",
            "Exit code: 0 D is there (with --dry-run: could be made), 1 refused or failed,",
            "and D is as it was, 2 FILE could not be read, or bad usage."
        })
final class RestoreCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PastFiles files;
    private final Restoration restoration;
    private final Clock clock;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "the snapshot; a link is followed; or offsite:NAME, offsite:latest")
    private @Nullable Path file;

    @Mixin
    private RestoreOptions options = new RestoreOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    RestoreCommand(PrintWriter out, PastFiles files, Restoration restoration, Clock clock) {
        this.out = out;
        this.files = files;
        this.restoration = restoration;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        var named = requireFile();
        source.configuredBy(service.arguments(settings));
        var copy = CopyName.ofSource(named);
        if (copy.isPresent()) {
            return restoreCopy(copy.get(), options.order(named, files::say));
        }
        source.requireUnused();
        return restore(named, options.order(named, files::say));
    }

    private int restore(Path named, RestoreOrder order) {
        var moment = options.moment(files);
        var restored = files.unproven().work(order.file(), found -> restore(order, found, moment));
        print(named, order, restored);
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }

    /** The copy is beside the new directory as long as it is needed: there is room for it, as for that. */
    private int restoreCopy(CopyName copy, RestoreOrder order) {
        var from = files.sources().of(source, order.caFingerprint());
        try (var fetched = FetchedAside.in(nearest(order.dataDirectory()), from, copy)) {
            return restore(Path.of("offsite:" + fetched.file().getFileName()), order.of(fetched.file()));
        }
    }

    private static Path nearest(Path dataDirectory) {
        var above = dataDirectory.toAbsolutePath().normalize().getParent();
        while (above != null && !Files.isDirectory(above)) {
            above = above.getParent();
        }
        return above == null ? dataDirectory : above;
    }

    private Path requireFile() {
        if (file == null) {
            throw new CommandFailure(
                    "no snapshot is named",
                    "Name a file: restore FILE. \"restore plan DIR\" says which one of a directory.",
                    ExitCode.USAGE,
                    null);
        }
        if (isDirectory(file)) {
            throw new CommandFailure(
                    file + " is a directory, and restore takes a file",
                    "\"restore plan " + file + "\" says which snapshot to take.",
                    ExitCode.USAGE,
                    null);
        }
        return file;
    }

    private boolean isDirectory(Path named) {
        try (var _ = files.waitFor(named)) {
            return Files.isDirectory(named);
        }
    }

    private Restored restore(RestoreOrder named, Path found, Optional<NamedMoment> moment) throws IOException {
        var order = moment.map(when -> named.at(when, files.revisionByRecord("--to-revision", found, when)))
                .orElse(named);
        try (var _ = files.waitFor(order.dataDirectory());
                var progress = new CopyProgress(files, order.file(), order.dataDirectory())) {
            return restoration.run(order, progress);
        } catch (NotWritten refused) {
            throw notWritten(order, refused);
        }
    }

    private static CommandFailure notWritten(RestoreOrder order, NotWritten failure) {
        var refused = failure.reason();
        var place = refused instanceof FileSystemException ofFile
                ? ofFile.getFile()
                : order.dataDirectory().toString();
        var reason = switch (refused) {
            case AccessDeniedException _ -> "the user " + UnreadableFile.user() + " may not write at " + place;
            case NoSuchFileException _ -> place + " does not exist";
            case FileSystemException ofFile when ofFile.getReason() != null -> ofFile.getReason();
            default -> String.valueOf(refused.getMessage());
        };
        // what fails while it is removed again does not hide why
        var left = failure.getSuppressed().length == 0
                ? "; nothing was left there"
                : "; what was written so far could not be removed, and the next restore to it does that";
        return new CommandFailure(
                "cannot restore to " + order.dataDirectory() + ": " + reason + left,
                refused instanceof AccessDeniedException
                        ? "Run the command as root, or as the user of otherix-api."
                        : "Check the disk of the data directory, and repeat the command.",
                refused);
    }

    private void print(Path named, RestoreOrder order, Restored restored) {
        if (output.isJson()) {
            OutputFormat.json(RestoreJson.of(named, restored), out);
            restored.notes().forEach(files::say);
        } else {
            new RestoreText(out, clock).print(named, order, restored);
        }
    }
}
