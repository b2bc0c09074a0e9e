package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is at the place of the data directory: a mount point, a member that runs, what somebody left. */
@AnyEtcd
@Timeout(120)
class DataDirectoryIT {

    @TempDir
    private Path dir;

    private Path snapshot;

    @BeforeEach
    void make() throws IOException {
        snapshot = RestoreScene.snapshot(dir.resolve("a.db"));
    }

    @Test
    @NeedsTmpfs
    void inAMountPointOnlyTheMemberIsRenamed() throws IOException {
        try (var disk = Tmpfs.mount(400)) {
            var data = disk.directory();
            Files.createDirectory(data.resolve("lost+found"));
            RestoreScene.of(snapshot, data)
                    .beforeProof(() -> assertThat(names(data)).containsExactlyInAnyOrder(".restoring", "lost+found"))
                    .run();
            assertThat(names(data)).containsExactlyInAnyOrder("lost+found", "member");

            assertThat(RestoreScene.of(snapshot, data).refusal())
                    .hasValueSatisfying(why -> assertThat(why).contains(data + " is not empty: it has member"));
            var again = RestoreScene.of(snapshot, data).moveOldAside().run();
            var aside = names(data).stream()
                    .filter(name -> name.startsWith("member.before-restore-"))
                    .toList();
            assertThat(aside).hasSize(1).first().asString().matches("member\\.before-restore-\\d{8}T\\d{6}Z");
            assertThat(again.notes()).contains("the old data directory is now " + data.resolve(aside.getFirst()));
            assertThat(names(data)).containsExactlyInAnyOrder("lost+found", "member", aside.getFirst());
            assertThat(data.resolve("member/snap/db")).isNotEmptyFile();
        }
    }

    @Test
    void aDirectoryWithLostAndFoundAloneCountsAsEmptyAlsoWhereNothingIsMounted() throws IOException {
        var data = dir.resolve("data");
        Files.createDirectories(data.resolve("lost+found"));
        assertThat(RestoreScene.of(snapshot, data).refusal()).isEmpty();
        assertThat(names(data)).containsExactly("member");
        assertThat(names(dir)).anyMatch(name -> name.startsWith("data.before-restore-"));
    }

    @Test
    @NeedsEtcd
    void theDirectoryOfAMemberThatRunsIsRefusedInAnyCase() throws Exception {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            for (var scene : List.of(
                    RestoreScene.of(snapshot, etcd.dataDir()),
                    RestoreScene.of(snapshot, etcd.dataDir()).moveOldAside())) {
                assertThat(scene.refusal())
                        .hasValueSatisfying(why -> assertThat(why)
                                .contains(etcd.dataDir() + " is in use: another process has locked ", ".wal")
                                .contains("systemctl stop otherix-api"));
            }
            etcd.etcdctl("put", "/otherix/still", "there");
            assertThat(names(etcd.dataDir())).containsExactly("member");
        }
    }

    @Test
    @NeedsEtcd
    void aMemberThatStartsBetweenTwoStepsIsRefusedToo() throws Exception {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.kill();
            var scene = RestoreScene.of(snapshot, etcd.dataDir()).moveOldAside().beforeProof(etcd::restart);
            assertThat(scene.refusal())
                    .hasValueSatisfying(why -> assertThat(why).contains(etcd.dataDir() + " is in use"));
            etcd.etcdctl("put", "/otherix/still", "there");
            assertThat(Path.of(etcd.dataDir() + ".restoring")).doesNotExist();
        }
    }

    private static List<String> names(Path directory) {
        return List.of(directory.toFile().list());
    }
}
