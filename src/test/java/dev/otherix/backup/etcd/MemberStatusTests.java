package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.MemberFacts.Role;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.StatusResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberStatusTests {

    private static final long MEMBER = 0x8e9e05c52164694dL;

    private final StatusResponse.Builder response = StatusResponse.newBuilder()
            .setHeader(ResponseHeader.newBuilder()
                    .setClusterId(0x0df818194e3a8c32L)
                    .setMemberId(MEMBER)
                    .setRevision(812))
            .setVersion("3.6.14")
            .setDbSize(4096)
            .setLeader(MEMBER);

    @Test
    void idsArePrintedAsEtcdPrintsThem() {
        assertThat(MemberStatus.of(response.build()))
                .isEqualTo(new MemberStatus(
                        "3.6.14", "df818194e3a8c32", "8e9e05c52164694d", Role.LEADER, true, 4096, List.of(), 812));
    }

    @Test
    void aMemberThatFollowsAnotherIsAFollower() {
        var status = MemberStatus.of(response.setLeader(7).build());
        assertThat(status.role()).isEqualTo(Role.FOLLOWER);
        assertThat(status.hasLeader()).isTrue();
    }

    @Test
    void aMemberWithoutALeaderIsAFollowerThatSaysSo() {
        var status = MemberStatus.of(
                response.setLeader(0).addErrors("etcdserver: no leader").build());
        assertThat(status.role()).isEqualTo(Role.FOLLOWER);
        assertThat(status.hasLeader()).isFalse();
        assertThat(status.alarms()).isEmpty();
    }

    @Test
    void aLearnerIsALearner() {
        assertThat(MemberStatus.of(response.setLeader(7).setIsLearner(true).build())
                        .role())
                .isEqualTo(Role.LEARNER);
    }

    @Test
    void eachAlarmIsToldOnceAndSorted() {
        response.addErrors("memberID:1 alarm:NOSPACE ")
                .addErrors("etcdserver: no leader")
                .addErrors("memberID:2 alarm:CORRUPT ")
                .addErrors("memberID:3 alarm:NOSPACE ");
        assertThat(MemberStatus.of(response.build()).alarms()).containsExactly("CORRUPT", "NOSPACE");
    }
}
