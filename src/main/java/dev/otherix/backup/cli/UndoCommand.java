package dev.otherix.backup.cli;

import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.Undo;
import dev.otherix.backup.history.UndoChoice;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

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
            "      [-o FORMAT] [--apply [--config FILE]... [--KEY=VALUE]...]"
        },
        description = {
            "Shows how to put back what chosen transactions changed, whole transactions only.",
            "Prints keys, never values. The snapshot is verified first. Needs no service",
            "and no etcd, except for --apply, which writes to the member."
        },
        footer = {
            "",
            "M is a revision (812), a time with its offset (2026-06-06T03:15:00Z), or how",
            "long ago it was (45m); --from M chooses what changed after it. Exit code: 0 all",
            "that was not left out is shown or written, 1 a key was changed since, or it",
            "cannot be undone from this snapshot, 2 it could not be read, or bad usage.",
            "",
            "--apply finds the service and the member by the service's configuration: give",
            "the --config FILE and --KEY=VALUE that the service was started with. The token",
            "is the one in api.token_file; it needs the scope operate. First the service",
            "takes and pins a snapshot, with the reason \"before undo\". It puts each",
            "transaction that was written into its audit log."
        })
final class UndoCommand implements Callable<Integer> {

    private static final Duration SNAPSHOT_LIMIT = Duration.ofMinutes(10);
    private static final Set<String> WITH_DISKS = Set.of("vms", "vm_disks");

    private final PrintWriter out;
    private final PastFiles files;
    private final Running running;

    @Mixin
    private FileOrDirectory named = new FileOrDirectory();

    @Mixin
    private TransactionOptions chosen = new TransactionOptions();

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

    @Option(names = "--apply", description = "write it to the member, after a snapshot that the service takes and pins")
    private boolean apply;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    @Mixin
    private OutputOption output = new OutputOption();

    UndoCommand(PrintWriter out, PastFiles files, Running running) {
        this.out = out;
        this.files = files;
        this.running = running;
    }

    /**
     * What runs on this host.
     *
     * @param service finds the service from settings as on the service's command line
     * @param member finds its member from the same settings
     * @param patience how long to ask the member for the outcome of a write whose answer was lost
     */
    record Running(
            Function<List<String>, Service> service, Function<List<String>, EtcdMember> member, Duration patience) {}

    @Override
    public Integer call() {
        requireUsage();
        var choice = chosen.in(files);
        if (target != null) {
            UndoBodies.requireAbsent(target);
        }
        if (!apply) {
            return files.ask(named, choice.moments(), file -> show(file, choice.of(file)));
        }
        var member = running.member().apply(options.arguments(settings));
        try (var client = new ServiceClient(options.find(settings, running.service()))) {
            var undo = new MemberUndo(member, running.patience(), files::say, client::noteUndone);
            return files.ask(named, choice.moments(), file -> apply(file, choice.of(file), client, undo));
        }
    }

    private void requireUsage() {
        chosen.requireUsage();
        var configuration = options.arguments(settings);
        if (!apply && !configuration.isEmpty()) {
            throw TransactionOptions.usage(
                    configuration.getFirst() + " needs --apply", "Leave it out: only --apply needs the service.");
        }
    }

    private int show(ProvenFile file, UndoChoice choice) {
        var undo = possible(Undo.of(file, choice));
        print(file, undo, 0);
        requireNoConflict(undo);
        writeBodies(undo);
        return ExitCode.DONE;
    }

    private int apply(ProvenFile file, UndoChoice choice, ServiceClient client, MemberUndo member) {
        var undo = possible(member.compared(file, Undo.of(file, choice)));
        if (!undo.conflicts().isEmpty() || undo.written().isEmpty()) {
            print(file, undo, 0);
            requireNoConflict(undo);
            files.say("nothing to write");
            return ExitCode.DONE;
        }
        writeBodies(undo);
        var snapshot = client.snapshot(Map.of("reason", "before undo", "pinned", true), SNAPSHOT_LIMIT);
        files.say("the state before is in " + snapshot + ", which is pinned");
        try {
            member.write(undo);
        } finally {
            print(file, undo, member.applied());
        }
        return ExitCode.DONE;
    }

    private Undo possible(Undo all) {
        var undo = skipConflicts ? all.withoutConflicts() : all;
        undo.requirePossible();
        return undo;
    }

    private static void requireNoConflict(Undo undo) {
        var conflicts = undo.conflicts();
        if (!conflicts.isEmpty()) {
            throw new CommandFailure(
                    "keys that were changed since: " + conflicts.size() + ", the first: "
                            + OutputFormat.printable(conflicts.getFirst().key().shown()) + "; nothing was written",
                    "To undo the later changes too, choose them as well. To leave out each transaction with such a "
                            + "key, add --skip-conflicts.",
                    null);
        }
    }

    private void writeBodies(Undo undo) {
        if (target != null) {
            new UndoBodies(undo).writeTo(target);
            var count = undo.written().size();
            files.say(
                    target + " has " + count + (count == 1 ? " transaction" : " transactions, to be sent in this order")
                            + ". Its values are secrets");
        }
    }

    private void print(ProvenFile file, Undo undo, int applied) {
        if (output.isJson()) {
            new UndoJson(out, file.span()).print(undo, applied);
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
