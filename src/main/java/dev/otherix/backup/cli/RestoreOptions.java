package dev.otherix.backup.cli;

import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.restore.ApiConfig;
import dev.otherix.backup.restore.InitialCluster;
import dev.otherix.backup.restore.Owner;
import dev.otherix.backup.restore.PeerUrl;
import dev.otherix.backup.restore.RestoreOrder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of a restore. The names of etcdutl are taken too. */
final class RestoreOptions {

    private static final long LARGEST_BUMP = 1L << 62;

    @Option(names = "--data-dir", paramLabel = "D", description = "the data directory to make")
    private @Nullable Path dataDirectory;

    @Option(names = "--name", paramLabel = "N", description = "the member's name")
    private @Nullable String name;

    @Option(
            names = {"--peer-url", "--initial-advertise-peer-urls"},
            paramLabel = "U[,U]",
            description = "its URL for other members, as otherix-api will advertise it")
    private @Nullable String peerUrl;

    @Option(
            names = "--initial-cluster",
            paramLabel = "N=U,...",
            description = "all members of the new cluster (default: this one alone)")
    private @Nullable String initialCluster;

    @Option(
            names = {"--cluster-token", "--initial-cluster-token"},
            paramLabel = "T",
            description =
                    "tells the new cluster from the old one: the same for all of its members, and never used before "
                            + "(default: random)")
    private @Nullable String token;

    @Option(
            names = "--bump-revision",
            paramLabel = "R",
            defaultValue = "1000000000",
            description = "raises the revision by so much, so that no watcher takes new revisions for old ones "
                    + "(default: ${DEFAULT-VALUE}; 0: not)")
    private long bump;

    @Option(
            names = "--mark-compacted",
            description = "always done where the revision is raised; taken for etcdutl's sake")
    private boolean markCompacted;

    @Option(
            names = "--owner",
            paramLabel = "USER:GROUP",
            description =
                    "who gets the files, by name or number (default, for root: the owner of the directory above D)")
    private @Nullable String owner;

    @Option(
            names = "--ca-dir",
            paramLabel = "DIR",
            description =
                    "where the snapshot's cluster CA goes, such as /var/lib/otherix/ca; another pair there is renamed")
    private @Nullable Path caDirectory;

    @Option(
            names = "--api-config",
            paramLabel = "FILE",
            description =
                    "otherix-api's api.yaml: has the name, D, the peer URL and the CA's directory, where no option "
                            + "gives them")
    private @Nullable Path apiConfig;

    @Option(
            names = "--move-old-aside",
            description = "renames a D that is there; without it a D that is not empty is refused")
    private boolean moveOldAside;

    @Option(names = "--ignore-live-peers", description = "goes on though other members answer")
    private boolean ignoreLivePeers;

    @ArgGroup
    private ToMoment to = new ToMoment();

    @Option(names = "--ca-fingerprint", paramLabel = "F", description = "refuses a snapshot with another cluster CA")
    private @Nullable String caFingerprint;

    @Option(
            names = {"--raw", "--skip-hash-check"},
            description = "FILE is a copy of a member's own snap/db, which has no checksum at its end")
    private boolean raw;

    @Option(names = "--dry-run", description = "checks everything, and writes nothing")
    private boolean dryRun;

    @Option(
            names = "--wal-dir",
            paramLabel = "DIR",
            description = "of etcdutl; refused: otherix-api has no directory of its own for the log")
    private @Nullable String walDirectory;

    /** The moment that is named. */
    Optional<NamedMoment> moment(PastFiles files) {
        return to.moment(files);
    }

    /**
     * What is to be restored, to the snapshot's last revision.
     *
     * @throws CommandFailure if an option is missing or wrong
     */
    RestoreOrder order(Path file, Consumer<String> said) {
        requireNoneOfEtcdutlAlone();
        var filled = new FilledIn(apiConfig, said);
        var member = filled.required("--name", name, ApiConfig::name);
        var urls = peerUrls(filled.peerUrl(peerUrl));
        return made(() -> new RestoreOrder(
                file,
                raw,
                OptionalLong.empty(),
                Optional.empty(),
                filled.required("--data-dir", dataDirectory, ApiConfig::dataDirectory),
                cluster(member, urls),
                member,
                bump,
                Optional.ofNullable(owner).map(text -> parsed("--owner", text, Owner::parse)),
                filled.optional("--ca-dir", caDirectory, ApiConfig::caDirectory),
                Optional.ofNullable(caFingerprint),
                new RestoreOrder.Allowed(moveOldAside, ignoreLivePeers, dryRun)));
    }

    private static RestoreOrder made(Supplier<RestoreOrder> order) {
        try {
            return order.get();
        } catch (IllegalArgumentException never) {
            throw wrong(OutputFormat.printable(String.valueOf(never.getMessage())), "Correct it.");
        }
    }

    private void requireNoneOfEtcdutlAlone() {
        if (walDirectory != null) {
            throw wrong(
                    "--wal-dir " + walDirectory + ": otherix-api has no directory of its own for the log",
                    "Leave it out.");
        }
        if (bump < 0 || bump > LARGEST_BUMP) {
            throw wrong(
                    "--bump-revision " + bump + ": it is a number from 0 to " + LARGEST_BUMP,
                    "Leave it out: the default is more than any cluster writes between two snapshots.");
        }
        if (markCompacted && bump == 0) {
            throw wrong(
                    "--mark-compacted with --bump-revision 0: without a raised revision nothing is marked",
                    "Leave both out: a raised revision is always marked.");
        }
    }

    private static List<PeerUrl> peerUrls(String text) {
        var urls = Arrays.stream(text.split(",", -1))
                .map(url -> parsed("--peer-url", url, PeerUrl::parse))
                .toList();
        if (new TreeSet<>(urls).size() < urls.size()) {
            throw wrong("--peer-url " + text + ": it has a URL twice", "Give each URL once.");
        }
        return urls;
    }

    private InitialCluster cluster(String member, List<PeerUrl> own) {
        var members = initialCluster == null
                ? Map.of(member, own)
                : parsed("--initial-cluster", initialCluster, InitialCluster::parse);
        var named = members.get(member);
        if (named == null) {
            throw wrong(
                    "--initial-cluster " + initialCluster + ": it does not have " + member
                            + ", the name of this member",
                    "Add " + member + "=" + own.getFirst() + ".");
        }
        if (!new TreeSet<>(named).equals(new TreeSet<>(own))) {
            throw wrong(
                    "--peer-url " + own.getFirst() + ": --initial-cluster has another for " + member + ": "
                            + named.getFirst(),
                    "Give the same URL in both.");
        }
        return InitialCluster.of(members, tokenFor(members.size()));
    }

    private String tokenFor(int members) {
        if (token != null && !token.isEmpty()) {
            return token;
        }
        var fresh = InitialCluster.freshToken(new SecureRandom());
        if (members > 1) {
            throw wrong(
                    "--cluster-token is missing, and --initial-cluster has " + members
                            + " members: with tokens of their own each would be a cluster of its own",
                    "Give the same token on each host, for example: --cluster-token " + fresh);
        }
        return fresh;
    }

    private static <T> T parsed(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException malformed) {
            throw wrong(option + " " + OutputFormat.printable(text) + ": it " + malformed.getMessage(), "Correct it.");
        }
    }

    private static CommandFailure wrong(String message, String fix) {
        return new CommandFailure(message, fix, ExitCode.USAGE, null);
    }
}
