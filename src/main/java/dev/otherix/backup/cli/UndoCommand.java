package dev.otherix.backup.cli;

import dev.otherix.backup.history.KeyChoice;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.Undo;
import dev.otherix.backup.history.UndoChoice;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what puts back what chosen transactions changed, and writes it to a file. Prints no value. */
@Command(
        name = "undo",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        synopsisHeading = "First take and pin a snapshot, before etcd compacts what you want back:%n"
                + "otherix-etcd-backup snapshot --pin%n%nUsage: ",
        customSynopsis = {
            "otherix-etcd-backup undo FILE|DIR (--revision R[,R...] | --from M",
            "      [--to M]) [--prefix P...] [--out FILE] [--skip-conflicts] [--raw]",
            "      [-o FORMAT]"
        },
        description = {
            "Shows how to put back what chosen transactions changed, whole transactions only.",
            "Prints keys, never values. The snapshot is verified first. Needs no service",
            "and no etcd."
        },
        footer = {
            "",
            "M is a revision (812), a time with its offset (2026-06-06T03:15:00Z), or how",
            "long ago it was (45m); --from M chooses what changed after it. Exit code: 0 all",
            "that was not left out is shown or written, 1 a key was changed since, or it",
            "cannot be undone from this snapshot, 2 it could not be read, or bad usage."
        })
final class UndoCommand implements Callable<Integer> {

    private static final Set<String> WITH_DISKS = Set.of("vms", "vm_disks");

    private final PrintWriter out;
    private final PastFiles files;

    @Mixin
    private FileOrDirectory named = new FileOrDirectory();

    @Option(
            names = {"--revision", "--rev"},
            paramLabel = "R",
            split = ",",
            description = "the transactions with these revisions; may be repeated")
    private List<Long> revisions = new ArrayList<>();

    @Option(names = "--from", paramLabel = "M", description = "the transactions after M")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "M", description = "only those up to M (default: the snapshot's last)")
    private @Nullable String to;

    @Option(
            names = "--prefix",
            paramLabel = "P",
            description = "only transactions that change a key that begins with P; each is undone whole; may be "
                    + "repeated")
    private List<String> prefixes = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "write the transactions for etcd to this file (0600), one a line, for POST /v3/kv/txn; they "
                    + "have values, which are secrets")
    private @Nullable Path target;

    @Option(
            names = "--skip-conflicts",
            description = "leave out transactions with a key that was changed since, and each that shares a key with "
                    + "one of them")
    private boolean skipConflicts;

    @Mixin
    private OutputOption output = new OutputOption();

    UndoCommand(PrintWriter out, PastFiles files) {
        this.out = out;
        this.files = files;
    }

    @Override
    public Integer call() {
        requireUsage();
        var after = files.moment("--from", from);
        var upTo = files.moment("--to", to);
        if (target != null) {
            UndoBodies.requireAbsent(target);
        }
        return files.ask(named, moments(after, upTo), file -> undo(file, choice(file, after, upTo)));
    }

    private void requireUsage() {
        if (revisions.isEmpty() == (from == null)) {
            throw usage(
                    from == null ? "--revision or --from is missing" : "--revision and --from cannot be combined",
                    "To choose transactions, give --revision R[,R...], or --from M. To see which there are:"
                            + " otherix-etcd-backup history FILE --transactions --prefix ''");
        }
        if (to != null && from == null) {
            throw usage("--to needs --from", "Give --from M too.");
        }
        revisions.stream().filter(revision -> revision < 1).findFirst().ifPresent(revision -> {
            throw usage("--revision " + revision + " is no revision: the first one is 1", "Give one that is there.");
        });
    }

    private static CommandFailure usage(String problem, String fix) {
        return new CommandFailure(problem, fix, ExitCode.USAGE, null);
    }

    /** The states that the file has to hold: that before the first change, and that after the last. */
    private List<NamedMoment> moments(Optional<NamedMoment> after, Optional<NamedMoment> upTo) {
        if (revisions.isEmpty()) {
            return Stream.of(after, upTo).flatMap(Optional::stream).toList();
        }
        var sorted = new TreeSet<>(revisions);
        return List.of(
                new NamedMoment.Revision(Math.max(1, sorted.first() - 1)), new NamedMoment.Revision(sorted.last()));
    }

    private UndoChoice choice(ProvenFile file, Optional<NamedMoment> after, Optional<NamedMoment> upTo) {
        var keys = KeyChoice.below(prefixes);
        if (!revisions.isEmpty()) {
            return UndoChoice.of(file.span(), new TreeSet<>(revisions), keys);
        }
        var span = file.span();
        var first = files.revision(file, after, span.first());
        var last = files.revision(file, upTo, span.last());
        PastFiles.requireOrder("--from", first, "--to", last);
        return UndoChoice.between(first, last, keys);
    }

    private int undo(ProvenFile file, UndoChoice choice) {
        var all = Undo.of(file, choice);
        var undo = skipConflicts ? all.withoutConflicts() : all;
        undo.requirePossible();
        print(file, undo);
        var conflicts = undo.conflicts();
        if (!conflicts.isEmpty()) {
            throw new CommandFailure(
                    "keys that were changed since: " + conflicts.size() + ", the first: "
                            + OutputFormat.printable(conflicts.getFirst().key().shown()) + "; nothing was written",
                    "To undo the later changes too, choose them as well. To leave out each transaction with such a "
                            + "key, add --skip-conflicts.",
                    null);
        }
        if (target != null) {
            new UndoBodies(undo).writeTo(target);
            files.say(undo.written().size() + " transactions are in " + target
                    + ". Send them in this order. Its values are secrets");
        }
        return ExitCode.DONE;
    }

    private void print(ProvenFile file, Undo undo) {
        if (output.isJson()) {
            new UndoJson(out, file.span()).print(undo, 0);
        } else {
            new UndoText(out, file.span()).print(undo);
        }
        if (undo.transactions().isEmpty()) {
            files.say("no transaction was chosen. " + file.path() + " holds "
                    + file.span().text());
        }
        if (undo.written().stream()
                .flatMap(transaction -> transaction.writes().stream())
                .map(write -> write.key().kind())
                .anyMatch(WITH_DISKS::contains)) {
            files.say("vms and vm_disks: the agent has removed the disks of a deleted VM. The rows alone bring no "
                    + "machine back");
        }
        PastFiles.requireWritten(out);
    }
}
