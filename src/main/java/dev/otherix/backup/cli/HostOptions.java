package dev.otherix.backup.cli;

import dev.otherix.backup.restore.LiveMembers;
import dev.otherix.backup.restore.LivePeers;
import dev.otherix.backup.restore.PeerUrl;
import dev.otherix.backup.restore.Runbook.Host;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The hosts that shall run otherix-api after a restore. */
final class HostOptions {

    @Option(
            names = "--host",
            paramLabel = "NAME=PEER_URL",
            description = "a host that shall run otherix-api: its etcd.name, and its peer URL as otherix-api there "
                    + "will advertise it; the first is restored, the others join it")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--all-at-once",
            description = "restore each host from the same snapshot, and start all of them within a minute")
    private boolean allAtOnce;

    boolean allAtOnce() {
        return allAtOnce;
    }

    /** @throws CommandFailure if one is not as it has to be */
    List<Host> hosts() {
        if (allAtOnce && hosts.size() < 2) {
            throw usage("--all-at-once is for several hosts, and " + hosts.size() + " are named");
        }
        var names = new HashSet<String>();
        var urls = new HashSet<PeerUrl>();
        var found = new ArrayList<Host>();
        for (var text : hosts) {
            var host = host(OutputFormat.printable(text));
            if (!names.add(host.name())) {
                throw usage("--host has the name " + host.name() + " twice");
            }
            if (!urls.add(host.url())) {
                throw usage("--host has the URL " + host.url() + " twice");
            }
            found.add(host);
        }
        return List.copyOf(found);
    }

    /** Those that answer, as hosts. */
    static List<Host> survivors(LiveMembers live) {
        return live.answering().stream().flatMap(HostOptions::survivor).toList();
    }

    private static Stream<Host> survivor(LiveMembers.Answering member) {
        try {
            var url = PeerUrl.parse(member.url());
            return Stream.of(new Host(OutputFormat.printable(member.name()), url, new LivePeers().isHere(url)));
        } catch (IllegalArgumentException _) {
            // the warning above the steps has it as it is
            return Stream.of();
        }
    }

    private static Host host(String text) {
        var sign = text.indexOf('=');
        if (sign < 1 || text.substring(0, sign).contains(",")) {
            throw usage("--host " + text + " is not NAME=PEER_URL");
        }
        try {
            var url = PeerUrl.parse(text.substring(sign + 1));
            return new Host(text.substring(0, sign), url, new LivePeers().isHere(url));
        } catch (IllegalArgumentException malformed) {
            throw usage("--host " + text + ": the URL " + malformed.getMessage());
        }
    }

    private static CommandFailure usage(String problem) {
        return new CommandFailure(
                problem, "Name each host once: --host otherix-0=https://10.0.0.11:2380.", ExitCode.USAGE, null);
    }
}
