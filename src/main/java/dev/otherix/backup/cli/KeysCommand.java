package dev.otherix.backup.cli;

import dev.otherix.backup.history.KeysAt;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.ProvenFile;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** Lists the keys that were there, never a value. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        description = {
            "Lists the keys of any moment that a snapshot holds, one a line in the order of",
            "their bytes. The snapshot is verified first. Needs no service and no etcd.",
            "Reads only."
        },
        footer = {
            "",
            "Exit code: 0 done, 1 the snapshot does not hold the moment or has findings,",
            "2 it could not be read, or bad usage."
        })
final class KeysCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PastFiles files;

    @Mixin
    private FileOrDirectory named = new FileOrDirectory();

    @Mixin
    private PrefixOption prefix = new PrefixOption();

    @Mixin
    private StateOptions when = new StateOptions();

    @Mixin
    private ScratchOption scratch = new ScratchOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    KeysCommand(PrintWriter out, PastFiles files) {
        this.out = out;
        this.files = files;
    }

    @Override
    public Integer call() {
        var moment = when.moment(files);
        return files.ask(
                named.orFrom(source, options.arguments(settings)),
                moment.stream().toList(),
                file -> print(file, moment));
    }

    private int print(ProvenFile file, Optional<NamedMoment> moment) {
        var revision = files.revision(file, moment, file.span().last());
        var choice = prefix.choice();
        try (var keys = files.withProgress(
                file, progress -> KeysAt.of(file.rows(), revision, choice, scratch.directory(), progress))) {
            if (output.isJson()) {
                json(revision, keys);
            } else {
                var each = keys.each();
                for (var key = each.next(); key.isPresent(); key = each.next()) {
                    out.println(OutputFormat.printable(key.get().shown()));
                }
            }
        }
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }

    private void json(long revision, KeysAt keys) {
        try (var json = OutputFormat.json(out)) {
            json.writeStartObject();
            json.writeNumberProperty("revision", revision);
            json.writeArrayPropertyStart("keys");
            var each = keys.each();
            for (var key = each.next(); key.isPresent(); key = each.next()) {
                KeyJson.element(json, key.get());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println();
    }
}
