package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.Secrets;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.PrivateFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;

@NeedsEtcd
@Timeout(120)
class MemberHashIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static MemberHash.Told told(MemberHash answer) {
        assertThat(answer).isInstanceOf(MemberHash.Told.class);
        return (MemberHash.Told) answer;
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberTellsTheHashThatEtcdctlPrints(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home);
                var connection = Members.at(etcd).connect()) {
            for (int write = 0; write < 20; write++) {
                etcd.etcdctl("put", "/otherix/" + write % 7, "value-" + write);
            }
            var now = told(connection.hashKv(0, LIMIT));
            assertThat(etcd.etcdctl("endpoint", "hashkv", "-w", "json")).contains("\"hash\":" + now.hash() + ",");
            assertThat(now.hash()).isBetween(1L, 0xFFFF_FFFFL);
            assertThat(now.memberRevision()).isEqualTo(21);
            assertThat(now.compactRevision()).isEqualTo(-1);
            assertThat(now.hashRevision()).isEqualTo(home.isSince("3.6") ? 21L : null);

            var before = told(connection.hashKv(11, LIMIT));
            assertThat(before.hash()).isNotEqualTo(now.hash());
            assertThat(before.memberRevision()).isEqualTo(21);
            assertThat(before.hashRevision()).isEqualTo(home.isSince("3.6") ? 11L : null);
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aRevisionThatIsCompactedAndOneThatIsNotThereYetAreToldApart(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home);
                var connection = Members.at(etcd).connect()) {
            for (int write = 0; write < 9; write++) {
                etcd.etcdctl("put", "/otherix/a", "value-" + write);
            }
            etcd.etcdctl("compact", "8");
            assertThat(connection.hashKv(7, LIMIT)).isEqualTo(new MemberHash.Untold(MemberHash.Reason.COMPACTED));
            assertThat(connection.hashKv(11, LIMIT)).isEqualTo(new MemberHash.Untold(MemberHash.Reason.FUTURE));
            assertThat(told(connection.hashKv(9, LIMIT)).compactRevision()).isEqualTo(8);
        }
    }

    @Test
    void aUserWithoutTheRoleRootIsDenied(@TempDir Path directory) throws Exception {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.enableAuth(Secrets.PASSWORD);
            etcd.etcdctl("user", "add", "reader:" + Secrets.PASSWORD);
            var password = PrivateFile.write(directory.resolve("password"), Secrets.PASSWORD);
            try (var root = user(etcd, "root", password).connect()) {
                assertThat(root.hashKv(0, LIMIT)).isInstanceOf(MemberHash.Told.class);
            }
            assertThat(isDenied(user(etcd, "reader", password))).isTrue();
        }
    }

    /** Later releases of a line refuse such a user the greeting already, earlier ones the hash only. */
    private static boolean isDenied(EtcdMember member) {
        try (var connection = member.connect()) {
            return connection.hashKv(0, LIMIT).equals(new MemberHash.Untold(MemberHash.Reason.DENIED));
        } catch (EtcdFailure refused) {
            return refused.reason() == EtcdFailure.Reason.PERMISSION_DENIED;
        }
    }

    private static EtcdMember user(EtcdProcess etcd, String name, Path password) {
        return new EtcdMember(new EtcdProperties(URI.create(etcd.clientUrl()), null, null, null, name, password));
    }

    @Test
    void aMemberThatDoesNotAnswerInTimeIsNoFailureAndOneThatIsGoneIs() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var connection = Members.at(etcd).connect()) {
            etcd.pause();
            assertThat(connection.hashKv(0, Duration.ofMillis(300)))
                    .isEqualTo(new MemberHash.Untold(MemberHash.Reason.TIMEOUT));
            etcd.kill();
            assertThatExceptionOfType(EtcdFailure.class)
                    .isThrownBy(() -> connection.hashKv(0, LIMIT))
                    .satisfies(gone -> assertThat(gone.reason()).isEqualTo(EtcdFailure.Reason.UNREACHABLE));
        }
    }
}
