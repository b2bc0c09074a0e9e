package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import dev.otherix.backup.verify.FileDetails;
import java.util.ArrayList;
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
                        "Stop it first: systemctl stop otherix-api && systemctl mask otherix-api");
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
                        "Stop all members before the restore. If something else answers there, add"
                                + " --ignore-live-peers.");
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
        var living = new ArrayList<FileDetails.Member>();
        var answers = peers.ask(snapshots.stream()
                .flatMap(member -> member.peerUrls().stream())
                .filter(url -> !own.contains(url))
                .toList());
        for (var member : snapshots) {
            if (answers.stream()
                    .anyMatch(answer -> answer.answers() && member.peerUrls().contains(answer.url()))) {
                living.add(member);
            }
        }
        var names = String.join(
                ", ",
                living.stream()
                        .map(member -> member.name() + " (" + String.join(", ", member.peerUrls()) + ")")
                        .toList());
        var voters = snapshots.stream().filter(member -> !member.isLearner()).count();
        var livingVoters = living.stream().filter(member -> !member.isLearner()).count();
        if (livingVoters > voters / 2) {
            throw new Refused(
                    "the cluster of this snapshot lives: of its " + voters + " members " + livingVoters + " answer: "
                            + names,
                    "Do not restore: remove the dead member and let a new one join. If other programs answer there,"
                            + " add --ignore-live-peers.");
        }
        return living.isEmpty()
                ? List.of()
                : List.of("of the snapshot's members still answer: " + names
                        + ". Stop them: they would go on with the old state");
    }
}
