package dev.otherix.backup.cli;

import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.restore.Candidate;
import dev.otherix.backup.restore.LiveMembers;
import dev.otherix.backup.restore.Runbook;
import dev.otherix.backup.restore.SnapshotChoice;
import dev.otherix.backup.restore.StateReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Says whether to restore, from which snapshot, what that does, and the commands for each host. Changes nothing. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        customSynopsis = {
            "otherix-etcd-backup restore plan FILE|DIR... [--host NAME=PEER_URL]...",
            "      [--all-at-once] [--cluster ID] [--ca-fingerprint F] [--to-time T]",
            "      [-o FORMAT]"
        },
        description = {
            "Plans a restore, and changes nothing.",
            "Says whether to restore at all, from which snapshot and why, what will be lost,",
            "what agents and workers will do, and the commands for each host in their order.",
            "Each snapshot is verified first. The network is asked only whether the members",
            "of the old cluster still answer."
        },
        footer = {
            "",
            "Exit code: 0 here is the plan, 1 do not restore, or a person has to choose the",
            "snapshot, or none can be restored, 2 a directory, or the only file named,",
            "could not be read, or bad usage."
        })
final class RestorePlanCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PastFiles files;
    private final Clock clock;
    private final Path apiConfig;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "a snapshot, or a directory for all otherix-*.db in it; or offsite:NAME, offsite:latest")
    private List<Path> named = new ArrayList<>();

    @Mixin
    private HostOptions hostOptions = new HostOptions();

    @Mixin
    private ClusterOptions clusterOptions = new ClusterOptions();

    @Option(
            names = "--to-time",
            paramLabel = "T",
            description = "the state at a time with its offset (2026-06-06T03:15:00Z), or so long ago (45m)")
    private @Nullable String time;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private IdentityOption identity = new IdentityOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    /** @param apiConfig otherix-api's own api.yaml; it need not be there */
    RestorePlanCommand(PrintWriter out, PastFiles files, Clock clock, Path apiConfig) {
        this.out = out;
        this.files = files;
        this.clock = clock;
        this.apiConfig = apiConfig;
    }

    @Override
    public Integer call() {
        try (var copies =
                new PlanCopies(files.sources(), store, identity, clusterOptions, service.arguments(settings))) {
            return plan(copies);
        }
    }

    private int plan(PlanCopies copies) {
        hostOptions.hosts();
        var moment = files.time("--to-time", time);
        var source = new PlanFiles(files, copies);
        var found = proven(source, copies, moment);
        var live = requireDead(found.snapshots());
        var chosen = chosen(SnapshotChoice.of(found.snapshots(), source), found);
        var plan = plan(chosen, moment, live, found, copies);
        if (output.isJson()) {
            OutputFormat.json(PlanJson.of(plan), out);
            new PlanFacts(plan).warnings().forEach(files::say);
        } else {
            new PlanText(out, clock.instant()).print(plan);
        }
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }

    /** @throws Refused if there is none */
    private PlanFiles.Found proven(PlanFiles source, PlanCopies copies, Optional<NamedMoment> moment) {
        var found = source.prove(copies.files(named), moment);
        if (found.snapshots().isEmpty()) {
            throw new Refused(
                    "no snapshot can be restored"
                            + moment.map(when -> " to " + when).orElse("")
                            + (found.passedOver().isEmpty()
                                    ? ": there is no otherix-*.db in what is named"
                                    : ", of these:" + PlanText.lines(found.passedOver())),
                    "Name other directories or files: each replica has its own snapshots.");
        }
        return clusterOptions.chosen(found, copies);
    }

    /** @throws Refused if the cluster lives */
    private static LiveMembers requireDead(List<Candidate> snapshots) {
        var newest = SnapshotChoice.newest(snapshots);
        var live = LiveMembers.of(newest.details().members());
        if (live.majority()) {
            throw new Refused(
                    "do not restore: the cluster of " + newest.place() + " lives, " + live.text(),
                    """
                    If one member is lost or damaged, replace that one: on the page "Restore", see
                    "One bad member among good ones". To take back a change, use "otherix-etcd-backup undo".
                    To go back in time all the same, stop otherix-api on every host, then plan again.""" + otherCluster(newest, snapshots));
        }
        return live;
    }

    /** An empty control plane that was started by mistake is alive, and its snapshot is the newest. */
    private static String otherCluster(Candidate newest, List<Candidate> snapshots) {
        var others = snapshots.stream()
                .flatMap(snapshot -> snapshot.caFingerprint().stream())
                .filter(other -> !newest.caFingerprint().equals(Optional.of(other)))
                .distinct()
                .map(other -> System.lineSeparator() + "  --ca-fingerprint " + other)
                .collect(Collectors.joining());
        return others.isEmpty()
                ? ""
                : System.lineSeparator()
                        + "If that is an empty cluster that was started by mistake, stop it, and plan for"
                        + " another one:" + others;
    }

    private static SnapshotChoice.Result.Chosen<Candidate> chosen(
            SnapshotChoice.Result<Candidate> result, PlanFiles.Found found) {
        return switch (result) {
            case SnapshotChoice.Result.Chosen<Candidate> chosen -> chosen;
            case SnapshotChoice.Result.Unclear<Candidate>(var reason, var clusters) ->
                throw new Refused(
                        "which snapshot? " + reason + PlanText.table(clusters)
                                + (found.passedOver().isEmpty()
                                        ? ""
                                        : System.lineSeparator() + "Passed over:" + PlanText.lines(found.passedOver())),
                        "Name the one FILE, or add --cluster ID or --ca-fingerprint F where that leaves one.");
        };
    }

    private Plan plan(
            SnapshotChoice.Result.Chosen<Candidate> chosen,
            Optional<NamedMoment> moment,
            LiveMembers live,
            PlanFiles.Found found,
            PlanCopies copies) {
        var hosts = hostOptions.hosts();
        var snapshot = chosen.snapshot();
        var paths = PlanPaths.of(apiConfig, files::say);
        var willHappen = files.open(snapshot.path(), false, file -> {
            if (!file.proof().sha256().equals(snapshot.sha256())) {
                throw new Refused(snapshot.place() + " was changed meanwhile", "Try again.");
            }
            // says how far the state is from the time that was named
            files.revision(file, moment, snapshot.at());
            return files.withProgress(file, progress -> StateReader.read(file.rows(), snapshot.at(), progress));
        });
        var revision = moment.isPresent() ? OptionalLong.of(snapshot.at()) : OptionalLong.empty();
        return new Plan(
                snapshot,
                chosen.reason(),
                live,
                found.passedOver(),
                hosts,
                hosts.isEmpty()
                        ? List.of()
                        : Runbook.steps(new Runbook.Order(
                                place(snapshot, copies),
                                revision,
                                HostOptions.survivors(live),
                                hosts,
                                hostOptions.allAtOnce(),
                                token(),
                                paths.dataDirectory(),
                                paths.caDirectory(),
                                snapshot.caFingerprint())),
                paths.caCertificate(),
                willHappen,
                copies.options());
    }

    private static Runbook.Source place(Candidate snapshot, PlanCopies copies) {
        var file = snapshot.path().toAbsolutePath();
        return copies.command(snapshot)
                .map(command -> new Runbook.Source(PlanCopies.onHost(snapshot), List.of(), Optional.of(command)))
                .orElseGet(() -> new Runbook.Source(file, PlanFiles.record(file), Optional.empty()));
    }

    /** No other cluster has it. */
    private static String token() {
        var bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return "restored-" + HexFormat.of().formatHex(bytes);
    }
}
