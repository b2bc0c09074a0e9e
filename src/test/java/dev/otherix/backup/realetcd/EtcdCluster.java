package dev.otherix.backup.realetcd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A cluster of real members on loopback, named m0, m1 and so on. Not thread-safe. */
public final class EtcdCluster implements AutoCloseable {

    private static final Duration LEADER_TIMEOUT = Duration.ofMinutes(3);
    private static final int PORT_ATTEMPTS = 5;

    private final EtcdHome home;
    private final List<String> flags;
    private final List<EtcdProcess> members = new ArrayList<>();

    private EtcdCluster(EtcdHome home, List<String> flags) {
        this.home = home;
        this.flags = flags;
    }

    /** Starts a cluster and waits until every member follows one leader. */
    public static EtcdCluster start(EtcdHome home, int size, String... flags) {
        for (int attempt = 1; ; attempt++) {
            var cluster = new EtcdCluster(home, List.of(flags));
            try {
                cluster.addVoters(size);
                cluster.members.forEach(EtcdProcess::launch);
                cluster.members.forEach(EtcdProcess::awaitAnswer);
                cluster.leader();
                return cluster;
            } catch (PortInUseException taken) {
                cluster.close();
                if (attempt == PORT_ATTEMPTS) {
                    throw taken;
                }
            } catch (RuntimeException failed) {
                cluster.close();
                throw failed;
            }
        }
    }

    /** Every member, learners and stopped ones included, in the order in which they joined. */
    public List<EtcdProcess> members() {
        return List.copyOf(members);
    }

    /** The member with this number, from 0. */
    public EtcdProcess member(int index) {
        return members.get(index);
    }

    /**
     * The leader that every running voter agrees on; waits for an election to end.
     *
     * @throws IllegalStateException when there is none within a minute
     */
    public EtcdProcess leader() {
        var deadline = System.nanoTime() + LEADER_TIMEOUT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            var voters = statuses().stream().filter(status -> !status.learner()).toList();
            for (var member : running()) {
                var own = member.status();
                if (own.isLeader() && voters.stream().allMatch(voter -> voter.leader() == own.memberId())) {
                    return member;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        throw new IllegalStateException("no leader within " + LEADER_TIMEOUT + ":\n"
                + members.stream().map(EtcdProcess::logReason).collect(Collectors.joining("\n--\n")));
    }

    /** The running voters that are not the leader. */
    public List<EtcdProcess> followers() {
        var leader = leader();
        return running().stream()
                .filter(member -> member != leader && !member.status().learner())
                .toList();
    }

    /** Adds a member without a vote and starts it. */
    public EtcdProcess addLearner() {
        var learner = new EtcdProcess(settings(members.size()), MemberPorts.take(), List.of());
        members.add(learner);
        join(learner);
        return learner;
    }

    /** Starts a stopped member of this object, which has no data, as one without a vote. */
    public void join(EtcdProcess member) {
        var leader = leader();
        // asked before the new one is among them: it has no name until it has started
        var others = leader.etcdctl("member", "list")
                .lines()
                .map(line -> line.split(", "))
                .map(columns -> columns[2] + "=" + columns[3] + ",")
                .collect(Collectors.joining());
        leader.etcdctl("member", "add", member.name(), "--learner", "--peer-urls=" + member.peerUrl());
        member.setClusterFlags(List.of(
                "--initial-cluster=" + others + member.name() + "=" + member.peerUrl(),
                "--initial-cluster-state=existing"));
        member.launch();
        member.awaitAnswer();
    }

    /**
     * Gives a learner its vote.
     *
     * @throws IllegalStateException when it is not in step with the leader yet
     */
    public void promote(EtcdProcess learner) {
        leader().etcdctl("member", "promote", Long.toHexString(learner.status().memberId()));
    }

    /** Ends every member that runs, starts all of them, and waits until every one follows one leader. */
    public void restart() {
        members.forEach(EtcdProcess::terminate);
        members.forEach(EtcdProcess::launch);
        members.forEach(EtcdProcess::awaitAnswer);
        leader();
    }

    /** Kills every other member: the survivor runs on without quorum. */
    public void killAllBut(EtcdProcess survivor) {
        members.stream().filter(member -> member != survivor).forEach(EtcdProcess::kill);
    }

    @Override
    public void close() {
        members.forEach(EtcdProcess::close);
    }

    private List<EtcdProcess> running() {
        return members.stream().filter(EtcdProcess::isRunning).toList();
    }

    private List<EtcdStatus> statuses() {
        return running().stream().map(EtcdProcess::status).toList();
    }

    private void addVoters(int size) {
        var ports =
                IntStream.range(0, size).mapToObj(index -> MemberPorts.take()).toList();
        var cluster = IntStream.range(0, size)
                .mapToObj(index -> "m" + index + "=" + ports.get(index).peer().url("http"))
                .collect(Collectors.joining(",", "--initial-cluster=", ""));
        for (int index = 0; index < size; index++) {
            members.add(new EtcdProcess(settings(index), ports.get(index), List.of(cluster)));
        }
    }

    private EtcdSettings settings(int index) {
        // the strict check wants members that have been connected for five seconds
        return EtcdProcess.builder(home)
                .name("m" + index)
                .flags("--strict-reconfig-check=false")
                .flags(flags.toArray(String[]::new))
                .settings()
                .inCluster();
    }
}
