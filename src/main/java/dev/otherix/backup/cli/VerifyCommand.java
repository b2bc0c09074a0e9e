package dev.otherix.backup.cli;

import dev.otherix.backup.history.RecordBeside;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.verify.SnapshotProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Proves from their bytes alone that files are good: needs no service, configuration or etcd. Changes nothing and takes
 * no lock.
 */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        description =
                "Checks snapshots: the checksum at the end of the file, every page, every row. Needs no service, no "
                        + "configuration "
                        + "and no etcd; takes files of any name, those of etcdctl too. Reads only.",
        footer = {
            "",
            "Exit code: 0 all good, 1 one has findings, 2 one could not be read, is compressed or no snapshot, or "
                    + "bad usage, 3 one is good by one "
                    + "meta page only (--raw). Over several files the worst counts: 2, 1, 3, 0."
        })
final class VerifyCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PrintWriter err;
    private final ProgressBar bar;
    private final Waits waits;

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--raw",
            description = "the files are copies of a member's own snap/db, which has no checksum at its end")
    private boolean raw;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "a file, or a directory for all otherix-*.db in it; a link is followed")
    private List<Path> named = new ArrayList<>();

    VerifyCommand(PrintWriter out, PrintWriter err, ProgressBar bar, Waits waits) {
        this.out = out;
        this.err = err;
        this.bar = bar;
        this.waits = waits;
    }

    @Override
    public Integer call() {
        var reports = new ArrayList<FileReport>();
        var files = new ArrayList<NamedFile>();
        named.forEach(path -> expand(path, files, reports));
        var text = new VerificationText(
                out, files.stream().map(file -> file.path().toString()).toList());
        for (var file : files) {
            verify(file).ifPresent(report -> {
                reports.add(report);
                if (!output.isJson()) {
                    text.print(report);
                }
            });
        }
        if (reports.isEmpty()) {
            reports.add(notRead(named.getFirst(), "no_snapshots", "every otherix-*.db in it was removed meanwhile"));
        }
        if (output.isJson()) {
            OutputFormat.json(new Reports(reports), out);
        } else {
            text.sum(reports);
        }
        if (out.checkError()) {
            throw new CommandFailure(
                    "the result could not be written to standard output",
                    "Check where the output goes.",
                    ExitCode.NOT_READ,
                    null);
        }
        return FileReport.worst(reports);
    }

    private record Reports(List<FileReport> files) {}

    private void expand(Path path, List<NamedFile> files, List<FileReport> reports) {
        try (var _ = waits.on(path)) {
            expandNow(path, files, reports);
        }
    }

    private void expandNow(Path path, List<NamedFile> files, List<FileReport> reports) {
        if (!Files.isDirectory(path)) {
            files.add(new NamedFile(path, false));
            return;
        }
        try {
            var found = NamedFile.in(path);
            files.addAll(found);
            if (found.isEmpty()) {
                reports.add(notRead(
                        path,
                        "no_snapshots",
                        "no otherix-*.db in this directory. If the snapshots have other names, give the "
                                + "files themselves"));
            }
        } catch (IOException broken) {
            reports.add(notRead(path, "unreadable", new NamedFile(path, false).reason(broken)));
        }
    }

    /** Empty for a file that retention removed after it was listed. */
    private Optional<FileReport> verify(NamedFile file) {
        try (var _ = waits.on(file.path())) {
            var foreign = ForeignFile.of(file.path());
            return foreign.isPresent()
                    ? Optional.of(notRead(
                            file.path(), foreign.get().code(), foreign.get().message()))
                    : Optional.of(prove(file));
        } catch (NoSuchFileException gone) {
            var removed = file.listed() && !Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS);
            return removed ? Optional.empty() : Optional.of(notRead(file.path(), "unreadable", file.reason(gone)));
        } catch (IOException unreadable) {
            return Optional.of(notRead(file.path(), "unreadable", file.reason(unreadable)));
        } catch (DirectoryFailure unreadable) {
            return Optional.of(notRead(file.path(), "unreadable", String.valueOf(unreadable.getMessage())));
        }
    }

    private FileReport prove(NamedFile file) throws IOException {
        try (var proof = file.verify(raw, true, bar)) {
            return report(file.path(), proof);
        }
    }

    private FileReport report(Path file, SnapshotProof proof) {
        var findings = new ArrayList<>(proof.findings());
        if (proof.good() && !raw) {
            RecordBeside.of(file).against(proof).ifPresent(findings::add);
        }
        var more = (long) findings.size() - proof.findings().size();
        return new FileReport(
                file.toString(),
                findings.isEmpty(),
                findings,
                proof.findingCount() + more,
                proof.remarks(),
                FileFacts.of(proof));
    }

    private FileReport notRead(Path path, String code, String why) {
        err.println(Program.NAME + ": cannot verify " + OutputFormat.printable(path + ": " + why));
        err.flush();
        return FileReport.notRead(path.toString(), code, why);
    }
}
