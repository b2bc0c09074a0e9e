package dev.otherix.backup.restore;

import dev.otherix.backup.verify.FileDetails;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which members of a snapshot's cluster still answer.
 *
 * @param voters how many members vote
 * @param answering those that answer, with the URL that does
 */
public record LiveMembers(int voters, List<Answering> answering) {

    private static final int MOST_URLS = 4;

    /** A member that answers. @param url the one of its peer URLs that does */
    public record Answering(String name, String url) {}

    /** Asks all of them, at the same time. */
    public static LiveMembers of(List<FileDetails.Member> members) {
        return of(members, new LivePeers());
    }

    static LiveMembers of(List<FileDetails.Member> members, LivePeers peers) {
        var voters = members.stream().filter(member -> !member.isLearner()).toList();
        var urls = voters.stream()
                .flatMap(member -> member.peerUrls().stream().limit(MOST_URLS))
                .distinct()
                .toList();
        var live = new HashSet<String>();
        peers.ask(urls).stream().filter(LivePeers.Answer::answers).forEach(answer -> live.add(answer.url()));
        var answering = new ArrayList<Answering>();
        for (var voter : voters) {
            voter.peerUrls().stream()
                    .filter(live::contains)
                    .findFirst()
                    .ifPresent(url -> answering.add(new Answering(voter.name(), url)));
        }
        return new LiveMembers(voters.size(), List.copyOf(answering));
    }

    /** How many answer, in words, and which. */
    public String text() {
        return (voters == 1
                        ? "its only member answers: "
                        : answering.size() + " of its " + voters
                                + (answering.size() == 1 ? " members answers: " : " members answer: "))
                + answering.stream()
                        .map(member -> member.name() + " " + member.url())
                        .collect(Collectors.joining(", "));
    }

    /** Whether so many answer that the cluster can work. */
    public boolean majority() {
        return answering.size() > voters / 2;
    }
}
