package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.files;
import static dev.otherix.backup.PackagedService.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a script does before risky maintenance, in both ways: it goes on only when the snapshot is there. */
@NeedsEtcd
class SnapshotCommandIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private static Path temporary;

    private static EtcdProcess etcd;
    private static PackagedService service;
    private static Path dir;

    @BeforeAll
    static void start() {
        dir = temporary.resolve("snapshots");
        etcd = EtcdProcess.start(EtcdHomes.first());
        service = PackagedService.start(etcd.clientUrl(), dir, "--workers.backup.enabled=false");
    }

    @AfterAll
    static void stop() {
        service.close();
        etcd.close();
    }

    @Test
    void theCommandPrintsOnlyTheNameOfASnapshotThatIsThere() throws IOException {
        var config = Files.writeString(
                temporary.resolve("backup.yaml"),
                "api:\n  listen: " + service.address() + "\n  token_file: "
                        + service.process().tokenFile() + "\n");
        try (var command = JarProcess.start(
                "snapshot",
                "--config",
                config.toString(),
                "--reason",
                "before 1.4",
                "--pin",
                "--api.token_file=" + service.process().tokenFile())) {
            assertThat(command.exitCode(LIMIT)).isZero();
            assertThat(command.errors()).isEmpty();
            assertThat(command.output()).matches("otherix-\\d{8}T\\d{6}Z\\.db\\R");
            var name = command.output().strip();
            assertThat(files(dir)).contains(name);
            var record = records(dir).getLast();
            assertThat(record.get("name").asString()).isEqualTo(name);
            assertThat(record.get("pinned").asBoolean()).isTrue();
            assertThat(record.at("/requests/0/reason").asString()).isEqualTo("before 1.4");
        }
    }

    @Test
    void aScriptGoesOnOnlyAfterTheCommandsSnapshotIsThere() {
        var script = "set -e\nname=$(otherix_etcd_backup snapshot --timeout 1m --api.listen=" + service.address()
                + " --api.token_file=" + service.process().tokenFile()
                + ")\necho \"maintenance after $name\"\n";
        try (var good = JarProcess.script(script)) {
            assertThat(good.exitCode(LIMIT)).isZero();
            assertThat(good.output())
                    .startsWith("maintenance after "
                            + records(dir).getLast().get("name").asString());
        }
        withoutEtcd(() -> {
            try (var bad = JarProcess.script(script)) {
                assertThat(bad.exitCode(LIMIT)).isEqualTo(1);
                assertThat(bad.output()).isEmpty();
                assertThat(bad.errors())
                        .startsWith("otherix-etcd-backup: no snapshot: etcd_failed: ")
                        .contains("Check that etcd runs")
                        .doesNotContain("\tat ");
            }
        });
    }

    @Test
    void aSnapshotIsPinnedAndUnpinnedByItsName() {
        try (var script = JarProcess.script("""
                set -e
                asked="--api.listen=%s --api.token_file=%s"
                name=$(otherix_etcd_backup snapshot $asked)
                otherix_etcd_backup pin '%s'/"$name" $asked
                otherix_etcd_backup list '%s' > '%s'
                otherix_etcd_backup unpin latest $asked
                otherix_etcd_backup pin otherix-20200101T000000Z.db $asked || echo "ended with $?"
                """.formatted(
                        service.address(), service.process().tokenFile(), dir, dir, temporary.resolve("list.txt")))) {
            assertThat(script.exitCode(LIMIT)).as(script::errors).isZero();
            var newest = records(dir).getLast();
            var name = newest.get("name").asString();
            assertThat(script.output().lines()).containsExactly(name, name, "ended with 1");
            assertThat(script.errors()).contains("otherix-20200101T000000Z.db is not pinned: not_found");
            assertThat(temporary.resolve("list.txt"))
                    .content()
                    .containsPattern("\\* +" + name + " +\\S+ +\\S+ KiB +pinned ");
            assertThat(newest.get("pinned").asBoolean()).isFalse();
        }
    }

    @Test
    @NeedsProgram("curl")
    void aScriptGoesOnOnlyAfterCurlsSnapshotIsThere() {
        var script = "set -e\ncurl --silent --fail-with-body -H \"Authorization: Bearer $(cat "
                + service.process().tokenFile()
                + ")\" -X POST http://" + service.address()
                + "/v1/snapshots\necho maintenance\n";
        try (var good = JarProcess.script(script)) {
            assertThat(good.exitCode(LIMIT)).isZero();
            assertThat(good.output())
                    .contains("\"name\":\"" + records(dir).getLast().get("name").asString() + "\"")
                    .endsWith("maintenance" + System.lineSeparator());
        }
        withoutEtcd(() -> {
            try (var bad = JarProcess.script(script)) {
                assertThat(bad.exitCode(LIMIT)).isEqualTo(22);
                assertThat(bad.output()).contains("\"code\":\"etcd_failed\"").doesNotContain("maintenance");
            }
        });
    }

    private static void withoutEtcd(Runnable work) {
        etcd.terminate();
        try {
            work.run();
        } finally {
            etcd.restart();
        }
    }
}
