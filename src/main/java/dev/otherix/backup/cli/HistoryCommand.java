package dev.otherix.backup.cli;

import dev.otherix.backup.history.Change;
import dev.otherix.backup.history.Changes;
import dev.otherix.backup.history.Key;
import dev.otherix.backup.history.KeyChoice;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.Walk;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Shows what changed in a snapshot's past, never a value. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        customSynopsis = {
            "otherix-etcd-backup history FILE|DIR (KEY | --prefix P...) [--since M]",
            "      [--until M] [--op put|delete] [--transactions] [--limit N] [--raw]",
            "      [-o FORMAT]"
        },
        description = {
            "Shows each change of keys that a snapshot holds, newest first, without values.",
            "The snapshot is verified first. Needs no service and no etcd. Reads only."
        },
        footer = {
            "",
            "M is a revision (812), a time with its offset (2026-06-06T03:15:00Z), or how",
            "long ago it was (45m). Exit code: 0 done, 1 the snapshot does not hold M or",
            "has findings, 2 it could not be read, or bad usage."
        })
final class HistoryCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PastFiles files;

    @Mixin
    private FileOrDirectory named = new FileOrDirectory();

    @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "the changes of this key")
    private @Nullable String key;

    @Option(
            names = "--prefix",
            paramLabel = "P",
            description = "the changes of all keys that begin with P; '' for all keys; may be repeated")
    private List<String> prefixes = new ArrayList<>();

    @Option(names = "--since", paramLabel = "M", description = "only changes after M")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "M", description = "only changes up to M")
    private @Nullable String until;

    @Option(
            names = "--op",
            paramLabel = "OP",
            converter = OpConverter.class,
            description = "only puts, or only deletions: put or delete")
    private Change.@Nullable Op op;

    @Option(
            names = "--transactions",
            description = "whole transactions that change such a key: what they put and delete, by kind of resource")
    private boolean transactions;

    @Option(names = "--limit", paramLabel = "N", description = "only the newest N")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    HistoryCommand(PrintWriter out, PastFiles files) {
        this.out = out;
        this.files = files;
    }

    @Override
    public Integer call() {
        requireUsage();
        var between = new NamedSpan(files, "--since", since, "--until", until);
        return files.ask(
                named.orFrom(source, options.arguments(settings)),
                between.moments(),
                file -> print(file, between.in(file)));
    }

    private void requireUsage() {
        if ((key == null) == prefixes.isEmpty()) {
            throw new CommandFailure(
                    key == null ? "KEY is missing" : "KEY and --prefix cannot be combined",
                    "Name one key, or give --prefix P for all that begin with P. For all keys: --prefix ''",
                    ExitCode.USAGE,
                    null);
        }
        if (limit < 1) {
            throw new CommandFailure(
                    "--limit " + limit + " is below 1", "Give the number to show.", ExitCode.USAGE, null);
        }
    }

    private int print(ProvenFile file, NamedSpan.Revisions between) {
        var changes = new Changes(file.rows(), between.after(), between.upTo(), choice(), op);
        var printed = output.isJson() ? json(file, changes) : text(file, changes);
        if (printed == 0) {
            files.say("no change between revision " + between.after() + " and " + between.upTo() + ". " + file.path()
                    + " holds " + file.span().text());
        }
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }

    private KeyChoice choice() {
        return key == null ? KeyChoice.below(prefixes) : new KeyChoice.One(Key.of(key));
    }

    private long text(ProvenFile file, Changes changes) {
        var text = new ChangesText(out, file.span());
        return transactions ? each(changes.byTransaction(), text::print) : each(changes.each(), text::print);
    }

    private long json(ProvenFile file, Changes changes) {
        try (var json = new ChangesJson(out, file.span())) {
            if (key == null) {
                json.prefixes(prefixes);
            } else {
                json.key(Key.of(key));
            }
            json.list(transactions ? "transactions" : "changes");
            var printed = transactions ? each(changes.byTransaction(), json::print) : each(changes.each(), json::print);
            json.end();
            return printed;
        }
    }

    private <T> long each(Walk<T> walk, Consumer<T> printer) {
        long printed = 0;
        while (printed < limit) {
            var next = walk.next();
            if (next.isEmpty()) {
                break;
            }
            printer.accept(next.get());
            printed++;
        }
        return printed;
    }
}
