package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import dev.otherix.backup.verify.FileDetails;
import java.util.List;

/** Whether the cluster is still alive, so that a restore would make a second one beside it. */
final class PeerCheck {

    private final LivePeers peers;
    private final RestoreOrder order;
    private final List<String> own;

    PeerCheck(LivePeers peers, RestoreOrder order) {
        this.peers = peers;
        this.order = order;
        this.own = order.cluster().named(order.member()).urls();
    }

    /** @throws Refused if the member's own port is taken, or another member of the new cluster answers */
    void beforeReading() {
        for (var url : order.cluster().named(order.member()).peerUrls()) {
            if (peers.listensHere(url)) {
                throw new Refused(
                        "a program on this machine listens on the port of " + url + ": a member is still running",
                        "Take its own snapshot before you stop or restart it: snapshot --local --pin. Then: systemctl mask"
                                + " --now otherix-api");
            }
        }
        if (order.allowed().livePeers()) {
            return;
        }
        var others = order.cluster().members().stream()
                .flatMap(member -> member.urls().stream())
                .filter(url -> !own.contains(url))
                .toList();
        for (var answer : peers.ask(others)) {
            if (answer.answers()) {
                throw new Refused(
                        answer.url() + ", another member of --initial-cluster, answers: a cluster lives there",
                        "Take its own snapshot before you stop or restart it: snapshot --local --pin. If something else"
                                + " answers there, add --ignore-live-peers.");
            }
        }
    }

    /**
     * Asks the members that the snapshot lists.
     *
     * @return what a person has to know
     * @throws Refused if a majority of them answers
     */
    List<String> of(List<FileDetails.Member> snapshots) {
        if (order.allowed().livePeers()) {
            return List.of();
        }
        var live = LiveMembers.of(snapshots, peers);
        if (live.majority()) {
            throw new Refused(
                    "the cluster of this snapshot lives: " + live.text(),
                    "Do not restore: remove the dead member and let a new one join. If other programs answer there,"
                            + " add --ignore-live-peers.");
        }
        return live.answering().isEmpty()
                ? List.of()
                : List.of("of the old cluster, " + live.text()
                        + ": it would go on with the old state. Before you stop it, take"
                        + " its own snapshot (snapshot --local --pin): it may have what was written last");
    }
}
