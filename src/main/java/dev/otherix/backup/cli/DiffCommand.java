package dev.otherix.backup.cli;

import dev.otherix.backup.history.Difference;
import dev.otherix.backup.history.ProvenFile;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows which keys differ between two moments, never a value. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        description = {
            "Shows which keys were added, changed or removed between two moments that a",
            "snapshot holds, however often they changed in between. Values are not shown.",
            "The snapshot is verified first. Needs no service and no etcd. Reads only."
        },
        footer = {
            "",
            "M is a revision (812), a time with its offset (2026-06-06T03:15:00Z), or how",
            "long ago it was (45m). Exit code: 0 done, 1 the snapshot does not hold M or",
            "has findings, 2 it could not be read, or bad usage."
        })
final class DiffCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PastFiles files;

    @Mixin
    private FileOrDirectory named = new FileOrDirectory();

    @Option(names = "--from", required = true, paramLabel = "M", description = "the earlier moment")
    private String earlier = "";

    @Option(names = "--to", paramLabel = "M", description = "the later moment (default: the last one of the snapshot)")
    private @Nullable String later;

    @Mixin
    private PrefixOption prefix = new PrefixOption();

    @Mixin
    private ScratchOption scratch = new ScratchOption();

    @Mixin
    private OutputOption output = new OutputOption();

    DiffCommand(PrintWriter out, PastFiles files) {
        this.out = out;
        this.files = files;
    }

    @Override
    public Integer call() {
        var between = new NamedSpan(files, "--from", earlier, "--to", later);
        return files.ask(named, between.moments(), file -> print(file, between.in(file)));
    }

    private int print(ProvenFile file, NamedSpan.Revisions between) {
        var span = file.span();
        var from = between.after();
        var to = between.upTo();
        var choice = prefix.choice();
        try (var difference = files.withProgress(
                file, progress -> Difference.between(file.rows(), from, to, choice, scratch.directory(), progress))) {
            var printer = new DifferencePrinter(out, difference);
            if (output.isJson()) {
                printer.json(from, to);
            } else {
                printer.text(span.text(from) + " to " + span.text(to));
            }
        }
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }
}
