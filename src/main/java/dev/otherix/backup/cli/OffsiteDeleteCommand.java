package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyDeletion;
import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Removes copies that a person does not want any more. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        customSynopsis = {
            "otherix-etcd-backup offsite delete NAME...|--all [--target T]",
            "      [--cluster C] [--member ID] [--older-than D] [--include-last]",
            "      [--dry-run] [--yes] [--from URL [--endpoint-url URL] [--region R]",
            "      [--ca-file FILE] [--path-style]] [--config FILE]... [--KEY=VALUE]..."
        },
        description = {
            "Removes copies from a store for good, with the files beside them and with the",
            "older versions that the store keeps. First it lists what goes and what stays.",
            "Copies of this host's service are removed by the service, which notes it."
        },
        footer = {
            "",
            "A NAME without --member is one of this host's member. The newest proven copy of",
            "a cluster and pinned ones stay unless --include-last is given. What a lock of the",
            "store keeps is not touched. On a terminal it asks for the name of the cluster.",
            "",
            "Exit code: 0 all that goes is gone, also if no copy is older than D, 1 something",
            "that was named stays or is not there, or a person has to choose, 2 the store could",
            "not be read, or bad usage."
        })
final class OffsiteDeleteCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final OffsitePlaces places;
    private final Running running;
    private final Clock clock;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "names as offsite list shows them")
    private List<String> names = new ArrayList<>();

    @Mixin
    private DeleteOptions which = new DeleteOptions();

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    /**
     * What this host has.
     *
     * @param service finds its service from settings
     * @param directory finds the directory of its snapshots from settings
     * @param question asks a person
     */
    record Running(
            Function<List<String>, Service> service,
            Function<List<String>, Optional<Path>> directory,
            Confirmation question) {}

    OffsiteDeleteCommand(PrintWriter out, OffsitePlaces places, Running running, Clock clock) {
        this.out = out;
        this.places = places;
        this.running = running;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        var wanted = which.names(names, copies.cluster(), store);
        var arguments = options.arguments(settings);
        var place = StoreOptions.only(places.of(store, arguments));
        var own = store.isFrom()
                ? OwnCopies.NONE
                : OwnCopies.of(running.directory().apply(arguments), place.target());
        var choice = new CopyChoice(copies.cluster(), store.member().or(() -> member(wanted, own)), Optional.empty())
                .or(place.cluster());
        try (var opened = place.store().get()) {
            var contents = OffsiteSource.contents(opened, place.prefix(), choice);
            var found = new DeleteChoice(choice, contents, opened, place.prefix());
            var chosen = wanted.isEmpty() ? found.all() : found.named(wanted);
            var now = clock.instant();
            var plan = DeletePlan.of(which.oldEnough(chosen, now), contents.copies(), own, which, now);
            if (plan.steps().isEmpty()) {
                return none(chosen.isEmpty());
            }
            plan.print(opened.place(), out);
            return done(plan, wanted.isEmpty(), place, opened, arguments);
        }
    }

    /** The member of a name that is given without one. */
    private static Optional<String> member(List<SnapshotName> wanted, OwnCopies own) {
        if (!wanted.isEmpty() && own.memberId().isEmpty()) {
            throw new CommandFailure(
                    "it is not known which member this host has: there is no snapshot of it",
                    "Name the member: --member ID. \"otherix-etcd-backup offsite list\" shows the ids.",
                    ExitCode.USAGE,
                    null);
        }
        return wanted.isEmpty() ? Optional.empty() : own.memberId();
    }

    private int none(boolean empty) {
        out.println(
                empty
                        ? "There is no such copy."
                        : "No copy is older than " + which.age().orElse("that") + ".");
        PastFiles.requireWritten(out);
        return empty || !which.isAll() ? ExitCode.FAILED : ExitCode.DONE;
    }

    private int done(DeletePlan plan, boolean all, StorePlace place, ObjectStore opened, List<String> arguments) {
        var going = plan.going();
        var refused = !all && !plan.staying().isEmpty();
        if (going.isEmpty()) {
            out.println("Nothing goes.");
            PastFiles.requireWritten(out);
            return refused ? ExitCode.FAILED : ExitCode.DONE;
        }
        if (which.dryRun()) {
            out.println("Nothing was changed: this was a dry run.");
            PastFiles.requireWritten(out);
            return refused ? ExitCode.FAILED : ExitCode.DONE;
        }
        if (!which.yes()) {
            running.question().require(plan.clusters(), going.size());
        }
        var deleting = new CopyDeleting(
                new CopyDeletion(opened, clock),
                () -> new ServiceClient(
                        options.find(settings, _ -> running.service().apply(arguments))),
                place.target(),
                which.includeLast(),
                out);
        var gone = deleting.all(going);
        PastFiles.requireWritten(out);
        return gone && !refused ? ExitCode.DONE : ExitCode.FAILED;
    }
}
