package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.config.Settings;
import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.realetcd.FuseDisk;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import dev.otherix.backup.realetcd.ReservedPort;
import dev.otherix.backup.start.SettingsBlocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start while a file system that it needs does not answer. */
@NeedsRoot
@NeedsProgram({"bindfs", "umount"})
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class HangingStartIT {

    private static final String NO_ETCD = "http://127.0.0.1:9";
    /** Ten seconds are promised; the rest is for a machine that is busy with other tests. */
    private static final Duration LONGEST_START = Duration.ofMinutes(2);

    private FuseDisk disk;
    private ReservedPort port;

    @BeforeEach
    void stopTheServer() {
        port = ReservedPort.take();
        disk = FuseDisk.mount();
        disk.stop();
    }

    @AfterEach
    void resume() {
        disk.close();
        port.close();
    }

    @Test
    void withoutTheSnapshotsItShowsTheReasonAndStartsAgainWhenTheyAreThere() {
        try (var service = PackagedService.start(
                NO_ETCD, disk.directory().resolve("snapshots"), "--api.listen=127.0.0.1:" + port.number())) {
            assertThat(service.process().output())
                    .contains("starting without workers.backup.dir", " has not answered since ");
            assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
            var backup = json(service.get("/actuator/health/backup"));
            assertThat(backup.get("status").asString()).isEqualTo("DOWN");
            assertThat(backup.at("/details/reason").asString()).contains(" has not answered since ");
            assertThat(backup.at("/details/reasons/0/code").asString()).isEqualTo("directory_hangs");
            var snapshots = service.get("/v1/snapshots");
            assertThat(snapshots.statusCode()).isEqualTo(507);
            assertThat(snapshots.body())
                    .contains("the snapshot directory has not answered since ")
                    .doesNotContain(disk.directory().toString());
            assertThat(service.get("/v1/snapshots/latest/content").statusCode()).isEqualTo(507);
            assertThat(service.post("/v1/snapshots").join().statusCode()).isEqualTo(507);
            assertThat(json(service.get("/v1/status")).at("/directory/writable").asBoolean(true))
                    .isFalse();

            disk.resume();

            await("it starts again")
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(service.get("/v1/snapshots").statusCode())
                            .isEqualTo(200));
            assertThat(service.get("/actuator/health/backup").body()).doesNotContain("directory_hangs");
            service.process().terminate();
            assertThat(service.process().exitCode(Duration.ofSeconds(30))).isEqualTo(143);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.token_file",
                "api.tokens_file",
                "api.tls.cert_file",
                "audit.file",
                "cluster_ca.cert_file",
                "etcd.ca_file",
                "etcd.cert_file",
                "etcd.key_file",
                "etcd.password_file"
            })
    void withoutAnyOtherFileItEndsAndNamesTheFile(String key, @TempDir Path snapshots) {
        var file = disk.directory().resolve("some-file");
        try (var service = PackagedService.launch(NO_ETCD, snapshots, "--" + key + "=" + file)) {
            assertThat(service.exitCode(LONGEST_START)).isEqualTo(1);
            assertThat(service.output())
                    .contains(key + " = " + file + " has not answered for 10 s", "Check the disk, or the server");
        }
    }

    @Test
    void withoutItsConfigurationItEndsAndNamesTheFile(@TempDir Path snapshots) {
        var file = disk.directory().resolve("backup.yaml");
        try (var service = PackagedService.launch(NO_ETCD, snapshots, "--config=" + file)) {
            assertThat(service.exitCode(LONGEST_START)).isEqualTo(1);
            assertThat(service.output())
                    .contains(
                            "The configuration file " + file + " has not answered for 10 s",
                            "Check the disk, or the server");
        }
    }

    @Test
    void theFileInTheDirectoryOfOtherixIsNamedToo() {
        assertThatExceptionOfType(UnusableConfigFile.class)
                .isThrownBy(() -> Settings.load(SettingsBlocks.ALL, new String[0], Map.of(), disk.directory()))
                .withMessage("the configuration file " + disk.directory().resolve("backup.yaml")
                        + " has not answered for 10 s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "verify"})
    void aCommandSaysWhatItWaitsForAndEndsOnCtrlC(String command) {
        try (var run = JarProcess.start(command, disk.directory().toString())) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> run.errors().contains(disk.directory() + " has not answered for 5 s"));

            run.interrupt();

            assertThat(run.exitCode(Duration.ofSeconds(30))).isEqualTo(130);
        }
    }

    @Test
    void aRequestForASnapshotWhoseTokenDoesNotAnswerDoesSoToo() {
        var token = disk.directory().resolve("api-token");
        try (var run = JarProcess.start("snapshot", "--api.token_file=" + token)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> run.errors().contains(token + " has not answered for 5 s"));

            run.interrupt();

            assertThat(run.exitCode(Duration.ofSeconds(30))).isEqualTo(130);
        }
    }
}
