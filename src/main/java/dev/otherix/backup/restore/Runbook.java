package dev.otherix.backup.restore;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to do on which host, in order: every otherix-api is stopped before anything is restored, and no agent gets an
 * order before a person has looked. The first host is restored and the others join it; or all are restored from one
 * file. The commands are those of the page "Restore".
 */
public final class Runbook {

    /** The title of the step with which a host joins. */
    public static final String JOIN = "join";

    private static final String JOIN_TOKEN = "otherix cluster join-token create --ttl 1h";
    private static final String START = "systemctl unmask otherix-api && systemctl enable --now otherix-api";
    private static final String BACKUP_AGAIN =
            "systemctl unmask otherix-etcd-backup && systemctl enable --now otherix-etcd-backup";
    private static final String SNAPSHOT = "otherix-etcd-backup snapshot --local --pin --reason 'before the restore'";

    private final Order order;
    private final Host first;

    private Runbook(Order order) {
        this.order = order;
        this.first = order.hosts().getFirst();
    }

    /**
     * A host that shall run otherix-api.
     *
     * @param name of its member
     * @param here whether it is this machine
     */
    public record Host(String name, PeerUrl url, boolean here) {}

    /**
     * Where the snapshot is.
     *
     * @param file on this machine, or where each host puts it that fetches it
     * @param beside what belongs to it and travels with it
     * @param fetch the command with which a host fetches it; empty if it is on this machine
     */
    public record Source(Path file, List<Path> beside, Optional<String> fetch) {}

    /**
     * What is to be done.
     *
     * @param source the snapshot
     * @param revision of the moment; empty for the snapshot's last
     * @param survivors members of the old cluster that still answer
     * @param hosts at least one
     * @param allAtOnce whether each is restored
     * @param token of the new cluster
     * @param caFingerprint empty if the snapshot has no CA, which then has to be there already
     */
    public record Order(
            Source source,
            OptionalLong revision,
            List<Host> survivors,
            List<Host> hosts,
            boolean allAtOnce,
            String token,
            Path dataDirectory,
            Path caDirectory,
            Optional<String> caFingerprint) {}

    /**
     * Commands for a root shell.
     *
     * @param title what they do
     * @param host for which they are
     * @param fromHere whether they run on the machine of the plan and not on the host
     * @param commands each stops at its own first error
     */
    public record Step(String title, Host host, boolean fromHere, List<String> commands) {

        private Step(String title, Host host, String... lines) {
            this(title, host, false, List.of(lines.length == 1 ? lines[0] : block(lines)));
        }

        private Step(String title, Host host, List<String> lines) {
            this(title, host, false, List.of(String.join("\n", lines)));
        }

        private static String block(String... lines) {
            return "(\nset -e\n" + String.join("\n", lines) + "\n)";
        }
    }

    /** All steps in their order. */
    public static List<Step> steps(Order order) {
        return new Runbook(order).steps();
    }

    private List<Step> steps() {
        var restored = order.allAtOnce() ? order.hosts() : List.of(first);
        var joiners = order.hosts().stream().filter(host -> !restored.contains(host));
        var steps = new ArrayList<Step>();
        order.survivors()
                .forEach(host -> steps.add(new Step(
                        "a survivor: take its snapshot, then plan again with that file too. "
                                + "Do not stop or restart it before",
                        host,
                        SNAPSHOT)));
        order.hosts().stream()
                .filter(restored::contains)
                .forEach(host -> brought(host).ifPresent(steps::add));
        order.hosts()
                .forEach(host -> steps.add(new Step(
                        "stop and mask otherix-api and the backup service",
                        host,
                        "systemctl mask --now otherix-api otherix-etcd-backup")));
        restored.forEach(host -> steps.add(new Step("restore", host, restore(host))));
        restored.forEach(host -> steps.add(new Step("quarantine: agents and workers off", host, Quarantine.begin())));
        restored.forEach(host -> steps.add(new Step(start(restored), host, START)));
        restored.forEach(host -> steps.add(new Step(
                "check the quarantine and the state, and compare with what runs on each node", host, checks())));
        restored.forEach(host ->
                steps.add(new Step("end the quarantine, when you have compared", host, Quarantine.endAndRestart())));
        joiners.forEach(host -> steps.addAll(joining(host)));
        order.hosts().forEach(host -> steps.add(new Step("start the backup service again", host, BACKUP_AGAIN)));
        return List.copyOf(steps);
    }

    /** How the snapshot gets to the host; empty if it is there. */
    private Optional<Step> brought(Host host) {
        return order.source()
                .fetch()
                .map(command ->
                        new Step("fetch the copy; IDENTITY is the file with the key that opens it", host, command))
                .or(() -> host.here() ? Optional.empty() : Optional.of(copy(host)));
    }

    private Step copy(Host host) {
        var source = order.source();
        var files = Stream.concat(Stream.of(source.file()), source.beside().stream())
                .map(ShellWord::of)
                .collect(Collectors.joining(" "));
        return new Step(
                "copy the snapshot and its record to " + host.name() + ", so or in any other way",
                host,
                true,
                List.of("scp -p " + files + " "
                        + ShellWord.of("root@" + host.url().host() + ":/root/")));
    }

    private String restore(Host host) {
        var source = order.source().file();
        var file = host.here() ? source : Path.of("/root").resolve(String.valueOf(source.getFileName()));
        var options = Stream.<Optional<String>>of(
                Optional.of("otherix-etcd-backup restore " + ShellWord.of(file)),
                Optional.of("--data-dir " + ShellWord.of(order.dataDirectory()) + " --move-old-aside"),
                Optional.of("--name " + ShellWord.of(host.name()) + " --peer-url " + ShellWord.of(host.url())),
                order.allAtOnce() ? Optional.of("--initial-cluster " + ShellWord.of(cluster())) : Optional.empty(),
                Optional.of("--cluster-token " + order.token()),
                order.revision().isPresent()
                        ? Optional.of("--to-revision " + order.revision().getAsLong())
                        : Optional.empty(),
                order.caFingerprint().map(_ -> "--ca-dir " + ShellWord.of(order.caDirectory())),
                order.caFingerprint().map(fingerprint -> "--ca-fingerprint " + fingerprint),
                Optional.of("--owner otherix:otherix"));
        return options.flatMap(Optional::stream).collect(Collectors.joining(" \\\n  "));
    }

    private String cluster() {
        return order.hosts().stream()
                .map(host -> host.name() + "=" + host.url())
                .collect(Collectors.joining(","));
    }

    private static String start(List<Host> restored) {
        return restored.size() > 1 ? "start, all within a minute" : "start";
    }

    /** It is not proven that agents are kept out before otherix-api has opened its ports. */
    private String[] checks() {
        var ready = "127.0.0.1:8080/readyz";
        return new String[] {
            "grep __ENABLED= /etc/otherix/api.env",
            "curl -sS -f --retry 30 --retry-delay 2 --retry-connrefused \\\n  --cacert "
                    + ShellWord.of(order.caDirectory().resolve("cluster-ca.crt")) + " https://" + ready
                    + " ||\n  curl -sS -f http://" + ready,
            "if ss -ltn | grep ':8443\\b'; then\n"
                    + "  echo 'STOP: port 8443 is open, so agents get orders. Stop otherix-api'\n  exit 1\nfi",
            "echo 'the revision is above 1000000000, and there is no alarm:'",
            "curl -sS -f -w '\\n' -d '{}' http://127.0.0.1:2379/v3/maintenance/status",
            "curl -sS -f -w '\\n' -d '{\"action\":\"GET\"}' http://127.0.0.1:2379/v3/maintenance/alarm",
            "otherix cluster member list",
            "otherix node list --limit 200 --show-ids",
            "otherix vm list --limit 200 --show-ids"
        };
    }

    /** What a joiner has of the old cluster must be away: its data, both files of the CA, and the list of members. */
    private List<Step> joining(Host host) {
        var old = ShellWord.of(order.dataDirectory()) + " " + ShellWord.of(order.caDirectory());
        return List.of(
                new Step(
                        "make jwt_secret in /etc/otherix/api.env that of " + first.name()
                                + "; then this prints the same on both",
                        host,
                        "grep -i jwt_secret /etc/otherix/api.env | sha256sum"),
                new Step(
                        "move away what it has of the old cluster",
                        host,
                        "for old in " + old + "; do\n"
                                + "  if [ -e \"$old\" ]; then mv -T \"$old\" \"$old.before-join-$(date +%s)\"; fi\ndone",
                        "if ls -d " + old + " 2> /dev/null; then exit 1; fi"),
                new Step("make a token for " + host.name(), first, JOIN_TOKEN),
                new Step(
                        JOIN,
                        host,
                        "otherix-api join --force --no-restart --cp-url "
                                + ShellWord.of("https://" + first.url().host() + ":8443") + " \\\n"
                                + "  --name " + ShellWord.of(host.name()) + " --token TOKEN \\\n"
                                + "  --ca-fingerprint " + order.caFingerprint().orElse("sha256:FINGERPRINT"),
                        "chown otherix:otherix /var/lib/otherix/cluster-join-token",
                        "systemctl unmask otherix-api",
                        "systemctl enable --now otherix-api"));
    }
}
