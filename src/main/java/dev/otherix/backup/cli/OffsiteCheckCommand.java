package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyCheck;
import dev.otherix.backup.offsite.Identities;
import dev.otherix.backup.offsite.StorePlace;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Reads copies back, and with an identity also opens them. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        customSynopsis = {
            "otherix-etcd-backup offsite check [NAME|all] [--identity FILE|-]...",
            "      [--target T] [--cluster C] [--member ID] [-o FORMAT] [--from URL",
            "      [--endpoint-url URL] [--region R] [--ca-file FILE] [--path-style]]",
            "      [--config FILE]... [--KEY=VALUE]..."
        },
        description = {
            "Reads copies back and compares them with their records. With an identity it also",
            "decrypts and unpacks them, on the way, and compares the SHA-256 of the snapshot:",
            "it proves that this identity opens what lies there. Nothing is written."
        },
        footer = {
            "",
            "Exit code: 0 all that were checked are good, 1 one is missing, was changed or",
            "does not open, or there is none, 2 the store or the identity could not be read,",
            "or bad usage."
        })
final class OffsiteCheckCommand implements Callable<Integer> {

    private static final String ALL = "all";

    private final PrintWriter out;
    private final PastFiles files;
    private final OffsitePlaces places;
    private final Clock clock;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME|all",
            description = "a name as offsite list shows it, or all (default: the newest of each member, and one older)")
    private @Nullable String named;

    @Mixin
    private IdentityOption identity = new IdentityOption();

    @Mixin
    private CopyOptions copies = new CopyOptions();

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    OffsiteCheckCommand(PrintWriter out, PastFiles files, OffsitePlaces places, Clock clock) {
        this.out = out;
        this.files = files;
        this.places = places;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        var which = which();
        var identities = identity.read(places.standardInput());
        var reports = new ArrayList<CheckReport>();
        for (var place : places.of(store, options.arguments(settings))) {
            reports.add(check(place, which, identities));
        }
        if (output.isJson()) {
            OutputFormat.json(CheckJson.of(reports), out);
        } else {
            reports.forEach(report -> report.print(out, identity.given()));
        }
        PastFiles.requireWritten(out);
        return CheckReport.exitCode(reports);
    }

    private CopyCheck.Which which() {
        if (named == null) {
            return new CopyCheck.Which.NewestAndOneOlder(clock.instant());
        }
        if (named.equals(ALL)) {
            return new CopyCheck.Which.All();
        }
        return CopyName.parse(named)
                .flatMap(CopyName::name)
                .<CopyCheck.Which>map(CopyCheck.Which.Named::new)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "'" + named + "' is not the name of a snapshot, and not all"));
    }

    private CheckReport check(StorePlace place, CopyCheck.Which which, Identities identities) {
        var choice = new CopyChoice(copies.cluster(), store.member(), Optional.empty());
        try (var opened = place.store().get()) {
            var contents = OffsiteSource.contents(opened, place.prefix(), choice);
            var results =
                    new CopyCheck(opened, identities).of(choice.of(contents), contents.canaries(), which, files::say);
            return new CheckReport(place.target(), opened.place(), results);
        }
    }
}
