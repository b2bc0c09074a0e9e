package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.etcd.EtcdFailure.Reason;
import dev.otherix.backup.etcd.ReadBarrier.Linearizable;
import dev.otherix.backup.etcd.ReadBarrier.Local;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.MemberFacts.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;

@NeedsEtcd
@Timeout(180)
class ReadBarrierIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Local NO_QUORUM = new Local(Consistency.Reason.NO_QUORUM);

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void everyMemberOfAWholeClusterIsUpToDate(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 3)) {
            for (var member : cluster.members()) {
                cluster.leader().etcdctl("put", "/otherix/" + member.name(), "1");
                var written = cluster.leader().status().revision();
                try (var connection = connect(member)) {
                    assertThat(connection.barrier(LIMIT)).isEqualTo(new Linearizable(written));
                }
            }
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aFollowerThatSurvivesAloneHasNoQuorum(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 3)) {
            var survivor = cluster.followers().getFirst();
            cluster.killAllBut(survivor);
            assertNoQuorum(survivor);
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aLeaderThatSurvivesAloneHasNoQuorum(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 3)) {
            var survivor = cluster.leader();
            cluster.killAllBut(survivor);
            assertNoQuorum(survivor);
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aLeaderWhosePeersHangHasNoQuorum(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 3)) {
            var leader = cluster.leader();
            cluster.followers().forEach(EtcdProcess::pause);
            assertNoQuorum(leader);
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aFollowerWhosePeersHangHasNoQuorum(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 3)) {
            var follower = cluster.followers().getFirst();
            cluster.members().stream().filter(member -> member != follower).forEach(EtcdProcess::pause);
            assertNoQuorum(follower);
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void anElectionIsWaitedFor(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 3)) {
            var follower = cluster.followers().getFirst();
            cluster.leader().kill();
            try (var connection = connect(follower)) {
                assertThat(connection.barrier(LIMIT)).isInstanceOf(Linearizable.class);
            }
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aLearnerServesNoLinearizableReadAndTellsNeitherMembersNorHash(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 1)) {
            try (var connection = connect(cluster.addLearner())) {
                assertThat(connection.barrier(LIMIT)).isEqualTo(new Local(Consistency.Reason.LEARNER));
                assertThat(connection.status(LIMIT).role()).isEqualTo(Role.LEARNER);
                assertThat(connection.members(LIMIT)).isEmpty();
                assertThat(connection.hashKv(0, LIMIT)).isEqualTo(new MemberHash.Untold(MemberHash.Reason.LEARNER));
            }
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberWithALeaderThatTakesTooLongIsToldFromOneWithout(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 3, "--election-timeout=5000", "--heartbeat-interval=100")) {
            var follower = cluster.followers().getFirst();
            try (var connection = connect(follower)) {
                cluster.leader().pause();
                assertThat(connection.barrier(Duration.ofSeconds(1))).isEqualTo(new Local(Consistency.Reason.TIMEOUT));
            }
        }
    }

    @Test
    void aBarrierTakesTenSecondsAtMost() {
        try (var cluster = EtcdCluster.start(
                        EtcdHomes.first(), 3, "--election-timeout=30000", "--heartbeat-interval=100");
                var connection = connect(cluster.followers().getFirst())) {
            cluster.leader().pause();
            var start = System.nanoTime();
            assertThat(connection.barrier(Duration.ofHours(1))).isEqualTo(new Local(Consistency.Reason.TIMEOUT));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(15));
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberThatHangsItselfIsAFailureAndNotLocal(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home);
                var connection = connect(etcd)) {
            etcd.pause();
            assertThatExceptionOfType(EtcdFailure.class)
                    .isThrownBy(() -> connection.barrier(Duration.ofSeconds(1)))
                    .returns(Reason.TIMEOUT, EtcdFailure::reason);
        }
    }

    private static void assertNoQuorum(EtcdProcess member) {
        try (var connection = connect(member)) {
            assertThat(connection.barrier(LIMIT)).isEqualTo(NO_QUORUM);
            assertThat(connection.status(LIMIT).hasLeader()).isFalse();
            assertThat(connection.members(LIMIT).orElseThrow()).hasSize(3);
        }
    }

    private static MemberConnection connect(EtcdProcess member) {
        return Members.at(member).connect();
    }
}
