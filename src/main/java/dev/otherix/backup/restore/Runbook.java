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
    private static final String BACKUP_AGAIN =
            "systemctl unmask otherix-etcd-backup && systemctl enable --now otherix-etcd-backup";
    private static final String API_ENV = "/etc/otherix/api.env";

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
     * What is to be done.
     *
     * @param file the snapshot, on this machine
     * @param revision of the moment; empty for the snapshot's last
     * @param hosts at least one
     * @param allAtOnce whether each is restored
     * @param token of the new cluster
     * @param caFingerprint empty if the snapshot has no CA, which then has to be there already
     */
    public record Order(
            Path file,
            OptionalLong revision,
            List<Host> hosts,
            boolean allAtOnce,
            String token,
            Path dataDirectory,
            Path caDirectory,
            Optional<String> caFingerprint) {}

    /**
     * Commands for a root shell on one host.
     *
     * @param title what they do
     */
    public record Step(String title, Host host, List<String> commands) {}

    /** All steps in their order. */
    public static List<Step> steps(Order order) {
        return new Runbook(order).steps();
    }

    private List<Step> steps() {
        var restored = order.allAtOnce() ? order.hosts() : List.of(first);
        var joiners = order.hosts().stream().filter(host -> !restored.contains(host));
        var steps = new ArrayList<Step>();
        order.hosts().stream()
                .filter(host -> restored.contains(host) && !host.here())
                .forEach(host -> steps.add(copy(host)));
        order.hosts()
                .forEach(host -> steps.add(new Step(
                        "stop and mask otherix-api and the backup service",
                        host,
                        List.of("systemctl mask --now otherix-api otherix-etcd-backup"))));
        restored.forEach(host -> steps.add(new Step("restore", host, List.of(restore(host)))));
        restored.forEach(host -> steps.add(new Step("quarantine: agents and workers off", host, quarantine())));
        restored.forEach(host -> steps.add(new Step(start(restored), host, start())));
        restored.forEach(host -> steps.add(new Step("check, and compare with what runs on each node", host, checks())));
        restored.forEach(host -> steps.add(new Step("end the quarantine, when you have compared", host, end())));
        joiners.forEach(host -> {
            steps.add(new Step("make a token for " + host.name(), first, List.of(JOIN_TOKEN)));
            steps.add(new Step(JOIN, host, join(host)));
        });
        order.hosts()
                .forEach(host -> steps.add(new Step("start the backup service again", host, List.of(BACKUP_AGAIN))));
        return List.copyOf(steps);
    }

    private Step copy(Host host) {
        return new Step(
                "copy the snapshot there, from this machine",
                host,
                List.of("scp -p " + ShellWord.of(order.file()) + " "
                        + ShellWord.of("root@" + host.url().host() + ":/root/")));
    }

    private String restore(Host host) {
        var file = host.here()
                ? order.file()
                : Path.of("/root").resolve(String.valueOf(order.file().getFileName()));
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

    private static List<String> quarantine() {
        return List.of(
                "test -f " + API_ENV + " && sed -i --follow-symlinks '$a\\' " + API_ENV,
                "printf '%s\\n' '# quarantine after a restore' OTHERIX_AGENT_SERVER__ENABLED=false \\\n"
                        + "  OTHERIX_WORKERS__ENABLED=false '# end of the quarantine' >> " + API_ENV);
    }

    private static String start(List<Host> restored) {
        return restored.size() > 1 ? "start, all within a minute" : "start";
    }

    private static List<String> start() {
        return List.of("systemctl unmask otherix-api && systemctl enable --now otherix-api");
    }

    private List<String> checks() {
        return List.of(
                "curl --cacert "
                        + ShellWord.of(order.caDirectory().resolve("cluster-ca.crt"))
                        + " https://127.0.0.1:8080/readyz",
                "curl -X POST -d '{\"action\":\"GET\"}' http://127.0.0.1:2379/v3/maintenance/alarm",
                "otherix cluster member list",
                "otherix node list --limit 200 --show-ids",
                "otherix vm list --limit 200 --show-ids");
    }

    private static List<String> end() {
        return List.of(
                "sed -i --follow-symlinks '/^# quarantine after a restore$/,/^# end of the quarantine$/d' " + API_ENV,
                "systemctl restart otherix-api");
    }

    /** What a joiner has of the old cluster must be away: its data, both files of the CA, and the list of members. */
    private List<String> join(Host host) {
        var old = ShellWord.of(order.dataDirectory()) + " " + ShellWord.of(order.caDirectory());
        return List.of(
                "for old in " + old + "; do\n  if [ -e \"$old\" ]; then mv -T \"$old\" \"$old.before-" + order.token()
                        + "\"; fi\ndone",
                "otherix-api join --force --no-restart --cp-url "
                        + ShellWord.of("https://" + first.url().host() + ":8443") + " \\\n"
                        + "  --name " + ShellWord.of(host.name()) + " --token TOKEN \\\n"
                        + "  --ca-fingerprint " + order.caFingerprint().orElse("sha256:FINGERPRINT"),
                "chown otherix:otherix /var/lib/otherix/cluster-join-token",
                "systemctl unmask otherix-api && systemctl enable --now otherix-api");
    }
}
