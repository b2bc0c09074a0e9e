package dev.otherix.backup.cli;

import dev.otherix.backup.config.UnreadableFile;
import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.restore.ApiConfig;
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

    private static final String DEFAULTS = "; the paths of the plan are otherix's defaults";

    private final PrintWriter out;
    private final PastFiles files;
    private final Clock clock;
    private final Path apiConfig;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "a snapshot, or a directory for all otherix-*.db in it")
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
    private OutputOption output = new OutputOption();

    /** @param apiConfig otherix-api's own api.yaml; it need not be there */
    RestorePlanCommand(PrintWriter out, PastFiles files, Clock clock, Path apiConfig) {
        this.out = out;
        this.files = files;
        this.clock = clock;
        this.apiConfig = apiConfig;
    }

    @Override
    public Integer call() {
        var hosts = hostOptions.hosts();
        var moment = files.time("--to-time", time);
        var source = new PlanFiles(files);
        var found = proven(source, moment);
        var live = requireDead(found.snapshots());
        var chosen = chosen(SnapshotChoice.of(found.snapshots(), source), found);
        var plan = plan(chosen, moment, live, found, hosts);
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
    private PlanFiles.Found proven(PlanFiles source, Optional<NamedMoment> moment) {
        var found = source.prove(named, moment);
        if (found.snapshots().isEmpty()) {
            throw new Refused(
                    "no snapshot can be restored"
                            + moment.map(when -> " to " + when).orElse("")
                            + (found.passedOver().isEmpty()
                                    ? ": there is no otherix-*.db in what is named"
                                    : ", of these:" + PlanText.lines(found.passedOver())),
                    "Name other directories or files: each replica has its own snapshots.");
        }
        return clusterOptions.chosen(found);
    }

    /** @throws Refused if the cluster lives */
    private static LiveMembers requireDead(List<Candidate> snapshots) {
        var newest = SnapshotChoice.newest(snapshots);
        var live = LiveMembers.of(newest.details().members());
        if (live.majority()) {
            throw new Refused(
                    "do not restore: the cluster of " + newest.path() + " lives, " + live.text(),
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
            List<Runbook.Host> hosts) {
        var snapshot = chosen.snapshot();
        var paths = paths();
        var willHappen = files.open(snapshot.path(), false, file -> {
            if (!file.proof().sha256().equals(snapshot.sha256())) {
                throw new Refused(snapshot.path() + " was changed meanwhile", "Try again.");
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
                                snapshot.path().toAbsolutePath(),
                                PlanFiles.record(snapshot.path().toAbsolutePath()),
                                revision,
                                HostOptions.survivors(live),
                                hosts,
                                hostOptions.allAtOnce(),
                                token(),
                                paths.dataDirectory(),
                                paths.caDirectory(),
                                snapshot.caFingerprint())),
                paths.caCertificate(),
                willHappen);
    }

    private record Paths(Path dataDirectory, Path caCertificate) {

        private static Paths of(ApiConfig config) {
            return new Paths(
                    config.dataDirectory().value(), config.caCertificate().value());
        }

        private Path caDirectory() {
            return caCertificate.resolveSibling("");
        }
    }

    /** Those of this machine; otherix's defaults where its api.yaml is lost, damaged, or closed to this user. */
    private Paths paths() {
        var closed = UnreadableFile.of(apiConfig);
        if (closed.isPresent()) {
            if (!closed.get().missing()) {
                files.say(apiConfig + " " + closed.get().problem() + DEFAULTS);
            }
            return Paths.of(ApiConfig.defaults());
        }
        try {
            return Paths.of(ApiConfig.read(apiConfig));
        } catch (UnusableConfigFile unusable) {
            files.say(unusable.getMessage() + DEFAULTS);
            return Paths.of(ApiConfig.defaults());
        }
    }

    /** No other cluster has it. */
    private static String token() {
        var bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return "restored-" + HexFormat.of().formatHex(bytes);
    }
}
