package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.Rewind;
import dev.otherix.backup.snapshot.CutRecord;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Cuts a snapshot of an earlier moment out of a later one. Touches no cluster. */
@Command(
        name = "rewind",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        customSynopsis = {
            "otherix-etcd-backup rewind FILE|DIR (--to-revision R | --to-time T)",
            "      --out NEW [--raw] [-o FORMAT]"
        },
        description = {
            "Writes a snapshot of an earlier moment that FILE holds: an ordinary snapshot,",
            "which restores like any other. FILE is verified first, and so is the result.",
            "Needs no service and no etcd. Touches no cluster, and replaces no file."
        },
        footer = {
            "",
            "Exit code: 0 the new snapshot is there, 1 FILE does not hold that moment or",
            "has findings, or NEW could not be written, 2 FILE could not be read, or bad",
            "usage."
        })
final class RewindCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PastFiles files;
    private final Clock clock;

    @Mixin
    private FileOrDirectory named = new FileOrDirectory();

    @ArgGroup(multiplicity = "1")
    private ToMoment to = new ToMoment();

    @Option(
            names = "--out",
            paramLabel = "NEW",
            required = true,
            description = "the new snapshot, such as monday.db; its record is written beside it, as monday.json")
    private Path target = Path.of("");

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    RewindCommand(PrintWriter out, PastFiles files, Clock clock) {
        this.out = out;
        this.files = files;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        requireOwnName();
        var moment = to.moment(files).orElseThrow();
        var made = files.unproven()
                .work(named.orFrom(source, options.arguments(settings)), List.of(moment), file -> rewind(file, moment));
        print(made);
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }

    private void requireOwnName() {
        if (SnapshotName.parse(String.valueOf(target.getFileName())).isPresent()) {
            throw new CommandFailure(
                    "--out " + target + ": otherix-<time>.db is the name of a snapshot that the service has taken",
                    "Give it another name, such as --out monday.db.",
                    ExitCode.USAGE,
                    null);
        }
    }

    private Rewind.Made rewind(Path file, NamedMoment moment) throws IOException {
        var revision = files.revisionByRecord("--to-revision", file, moment);
        try (var progress = new CopyProgress(files, file, target)) {
            return new Rewind(new SnapshotVerifier(), clock).to(moment, revision, file, named.raw(), target, progress);
        } catch (NotWritten refused) {
            throw notWritten(refused.reason());
        }
    }

    private CommandFailure notWritten(IOException refused) {
        return switch (refused) {
            case FileAlreadyExistsException there ->
                new CommandFailure(
                        there.getFile() + " already exists and is not replaced; nothing was written",
                        "Give another --out NEW, or move the file away.",
                        there);
            case NoSuchFileException gone ->
                new CommandFailure(
                        "cannot write " + target + ": its directory does not exist", "Make the directory first.", gone);
            case AccessDeniedException denied ->
                new CommandFailure(
                        "cannot write " + target + ": the user " + UnreadableFile.user() + " may not write there",
                        "Give an --out NEW in a directory that this user may write to.",
                        denied);
            default ->
                new CommandFailure(
                        "cannot write " + target + ": " + new NamedFile(target, false).reason(refused)
                                + "; nothing was left there",
                        "Give an --out NEW on a disk with room for the whole snapshot.",
                        refused);
        };
    }

    private void print(Rewind.Made made) {
        var record = made.record();
        if (output.isJson()) {
            OutputFormat.json(record, out);
            return;
        }
        out.println(target);
        out.println("revision " + record.content().revision() + ", "
                + record.content().liveKeys()
                + " live keys, cut from "
                + OutputFormat.printable(record.cutFrom().name()) + ", whose last revision is "
                + record.cutFrom().revision());
        if (made.addedLeases() > 0) {
            out.println("leases added, with 60 s to live: " + made.addedLeases()
                    + ", which keys of that moment need and which had ended since");
        }
        out.println("sha256 " + record.file().sha256());
        out.println("users, roles, alarms and members are those of the source's last revision");
        out.println("record " + CutRecord.beside(target));
    }
}
