package dev.otherix.backup.restore;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.etcd.MemberHash;
import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.etcd.SocketMember;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An etcd that runs on a restored data directory for a moment. It listens at two unix sockets in the directory of the
 * drill and at no port. Their paths are relative to that directory, because a socket's path is short.
 */
final class ScratchEtcd implements AutoCloseable {

    /** The member's name and peer URL, which nobody uses: etcd wants one with a host. */
    static final String MEMBER = "drill";

    static final String URL = "http://127.0.0.1:1";

    private static final String CLIENTS = "clients:1";
    private static final String PEERS = "peers:1";
    private static final Duration ONE_TRY = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final EtcdProgram program;
    private final Child child;
    private final SocketMember member;
    private final DrillOrder.Words words;

    private ScratchEtcd(EtcdProgram program, Child child, SocketMember member, DrillOrder.Words words) {
        this.program = program;
        this.child = child;
        this.member = member;
        this.words = words;
    }

    static ScratchEtcd start(
            Scratch scratch, ChildNote note, EtcdProgram program, DrillOrder.Words words, Duration stop) {
        var arguments = List.of(
                "--name=" + MEMBER,
                note.dataArgument(),
                // what is lost with this machine is of no use
                "--unsafe-no-fsync",
                "--listen-client-urls=unix://" + CLIENTS,
                "--advertise-client-urls=" + URL,
                "--listen-peer-urls=unix://" + PEERS,
                "--initial-advertise-peer-urls=" + URL,
                "--initial-cluster=" + MEMBER + "=" + URL);
        try {
            return new ScratchEtcd(
                    program,
                    Child.start(scratch, note, arguments, stop),
                    SocketMember.at(scratch.handle().entry(CLIENTS)),
                    words);
        } catch (IOException notStarted) {
            throw new NotDrilled("etcd " + program.text() + " cannot be started: " + notStarted.getMessage());
        }
    }

    /** What did not work when it was started, and is no reason to stop. */
    Optional<String> remark() {
        return child.remark();
    }

    /**
     * Waits until it serves.
     *
     * @throws DrillFailure if it ends before, or does not serve in time
     * @throws NotDrilled if the kernel has ended it
     */
    void serve(Duration limit) throws InterruptedException {
        var began = System.nanoTime();
        while (System.nanoTime() - began < limit.toNanos()) {
            if (child.ended(PAUSE)) {
                throw ended("before it served the snapshot");
            }
            if (member.status(ONE_TRY).filter(MemberStatus::hasLeader).isPresent()) {
                return;
            }
        }
        throw new DrillFailure("etcd " + program.text() + " did not serve the snapshot within "
                + GoDuration.format(limit) + ": " + said());
    }

    private RuntimeException ended(String when) {
        var said = said();
        if (child.wasKilled()) {
            return new NotDrilled("etcd " + program.text() + " was killed " + when
                    + ", as the kernel does when memory is short; give this host or the control group (MemoryMax of"
                    + " the unit, the limit of the container) more, or leave " + words.etcd() + " out");
        }
        if (said.contains("no space left on device")) {
            return new NotDrilled("the disk was full " + when + ": " + said + "; " + words.moreDisk());
        }
        return new DrillFailure(
                "etcd " + program.text() + " ended with exit code " + child.exitCode() + " " + when + ": " + said);
    }

    private String said() {
        return EtcdWords.of(child.output().lines());
    }

    /**
     * Compares what it serves with what was restored. Keys whose leases end meanwhile are deleted at later revisions,
     * which do not count.
     *
     * @return what could not be compared
     * @throws DrillFailure if they differ, or it does not answer
     */
    Optional<String> compare(DrillRun.Restored restored, Duration limit) {
        try {
            var served = member.keys(restored.revision(), limit);
            if (served != restored.keys().liveKeys()) {
                throw new DrillFailure("etcd " + program.text() + " serves " + served + " live keys at revision "
                        + restored.revision() + ", and the snapshot has "
                        + restored.keys().liveKeys());
            }
            return served > 0
                    ? compareHash(restored, limit)
                    : Optional.of("HashKV was not compared: without a live key it depends on how far a compaction has"
                            + " cleaned up");
        } catch (EtcdFailure failure) {
            if (failure.reason() == EtcdFailure.Reason.CANCELLED) {
                throw failure;
            }
            throw child.isAlive()
                    ? new DrillFailure("etcd " + program.text() + " does not answer as it has to: " + failure.problem()
                            + "; it printed: " + said())
                    : ended("while it was asked about the snapshot");
        }
    }

    private Optional<String> compareHash(DrillRun.Restored restored, Duration limit) {
        return switch (hash(restored.revision(), limit)) {
            case MemberHash.Untold(MemberHash.Reason reason) ->
                throw new DrillFailure("etcd " + program.text() + " returns no HashKV at revision "
                        + restored.revision() + ", which the snapshot has (" + reason + ")");
            case MemberHash.Told told
            when told.compactRevision() != restored.compactRevision() ->
                Optional.of(
                        "HashKV was not compared: etcd remembers one from the compaction at " + told.compactRevision());
            case MemberHash.Told told
            when told.hash() != restored.keys().hashKv() ->
                throw new DrillFailure("the HashKV of etcd " + program.text() + " at revision "
                        + restored.revision() + " is " + told.hash() + ", and that of the snapshot is "
                        + restored.keys().hashKv());
            case MemberHash.Told _ -> Optional.empty();
        };
    }

    /** Of its current revision where that is the same: etcd may remember another one for it from a compaction. */
    private MemberHash hash(long revision, Duration limit) {
        var current = member.hashKv(0, limit);
        return current instanceof MemberHash.Told told && told.memberRevision() == revision
                ? current
                : member.hashKv(revision, limit);
    }

    /** Asks it to end; what does not is killed by {@link #close}. */
    void stop() throws InterruptedException {
        // etcd waits for connections to end
        member.close();
        child.stop();
    }

    @Override
    public void close() {
        try (child;
                member) {
            // both, also where one fails
        }
    }
}
