package dev.otherix.backup.realetcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

@NeedsEtcd
class EtcdClusterIT {

    @Test
    void threeMembersAgreeOnOneLeaderAndALearnerJoinsThem() {
        try (var cluster = EtcdCluster.start(EtcdHomes.first(), 3)) {
            assertThat(cluster.followers()).hasSize(2).doesNotContain(cluster.leader());
            var learner = cluster.addLearner();
            assertThat(learner.status().learner()).isTrue();
            assertThat(cluster.members()).hasSize(4);
            assertThat(cluster.followers()).hasSize(2).doesNotContain(learner);
        }
    }

    @Test
    void theSurvivorOfALostQuorumRefusesToWriteAndStillTellsItsStatus() {
        try (var cluster = EtcdCluster.start(EtcdHomes.first(), 3)) {
            var survivor = cluster.followers().getFirst();
            cluster.killAllBut(survivor);
            assertThatThrownBy(() -> survivor.etcdctl("--command-timeout=2s", "put", "/otherix/a", "1"))
                    .hasMessageContaining("exceeded");
            assertThat(survivor.status().revision()).isPositive();
        }
    }
}
