package dev.otherix.backup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import dev.otherix.backup.realetcd.NeedsContainerEngine;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import tools.jackson.databind.json.JsonMapper;

/** Beside an etcd with which it shares a network, as in a pod, and with the restrictions of the chart. */
@NeedsContainerEngine
class ContainerIT {

    private static final long MEMORY = 256L << 20;
    private static final int MONITORING = 8091;
    private static final Duration LONGEST_START = Duration.ofSeconds(90);
    private static final Duration LONGEST_DRILL = Duration.ofSeconds(90);
    private static final String ETCD_VERSION = BackupImage.ETCD.substring(BackupImage.ETCD.indexOf(":v") + 2);

    private static String image;
    private static GenericContainer<?> etcd;

    private String volume;

    @BeforeAll
    static void start() {
        image = BackupImage.get().name();
        etcd = new GenericContainer<>(DockerImageName.parse(BackupImage.ETCD))
                .withCommand(
                        "/usr/local/bin/etcd",
                        "--data-dir=/tmp/etcd",
                        "--listen-client-urls=http://0.0.0.0:2379",
                        "--advertise-client-urls=http://127.0.0.1:2379")
                .withExposedPorts(2379, MONITORING)
                .waitingFor(Wait.forLogMessage(".*ready to serve client requests.*", 1)
                        .withStartupTimeout(LONGEST_START));
        etcd.start();
        OtherixKeyspace.fill("http://%s:%d".formatted(etcd.getHost(), etcd.getMappedPort(2379)), 16_000_000, 64 * 1024);
    }

    @AfterAll
    static void stop() {
        etcd.stop();
    }

    @BeforeEach
    void makeAVolume() {
        volume = "otherix-etcd-backup-" + UUID.randomUUID();
        etcd.getDockerClient().createVolumeCmd().withName(volume).exec();
    }

    @AfterEach
    void removeTheVolume() {
        etcd.getDockerClient().removeVolumeCmd(volume).exec();
    }

    @Test
    void itBacksUpByItselfTakesCommandsAndStopsWhenTold() throws Exception {
        try (var backup = container(this::restricted)
                .waitingFor(
                        Wait.forLogMessage(".*Started OtherixEtcdBackup.*", 1).withStartupTimeout(LONGEST_START))) {
            backup.start();

            await("the first snapshot")
                    .atMost(LONGEST_START)
                    .until(() -> get("/actuator/prometheus")
                            .body()
                            .contains("outcome=\"success\",trigger=\"startup\"} 1.0"));
            var snapshot = backup.execInContainer("otherix-etcd-backup", "snapshot", "--reason", "before an upgrade");
            assertThat(snapshot.getStderr()).isEmpty();
            assertThat(snapshot.getStdout()).matches("otherix-\\d{8}T\\d{6}Z\\.db\\R");
            assertThat(snapshot.getExitCode()).isZero();
            assertThat(get("/v1/status").statusCode())
                    .as("the API is not where monitoring is")
                    .isEqualTo(404);
            assertThat(backup.getLogs())
                    .as("Java has nothing to warn of, and uses the AOT cache")
                    .doesNotContain("[aot]", "[warning]");

            assertThat(stopped(backup).getExitCodeLong()).as("ended by SIGTERM").isEqualTo(143);
        }
    }

    @Test
    void theServiceInTheOtherImageDrillsWithTheEtcdOfThatImage() throws Exception {
        try (var backup = container(BackupImage.withEtcd().name(), this::restricted)
                .withEnv("OTHERIX_DRILL__INTERVAL", "2s")
                .waitingFor(
                        Wait.forLogMessage(".*Started OtherixEtcdBackup.*", 1).withStartupTimeout(LONGEST_START))) {
            backup.start();
            var name = backup.execInContainer("otherix-etcd-backup", "snapshot")
                    .getStdout()
                    .strip();

            await("its drill")
                    .atMost(LONGEST_DRILL)
                    .untilAsserted(() -> assertThat(backup.getLogs())
                            .contains(
                                    "the drill of " + name + " passed in ", "and etcd " + ETCD_VERSION + " served it"));
            var file = "/var/lib/otherix-backup/snapshots/" + name.replace(".db", ".json");
            var drill = backup.copyFileFromContainer(file, JsonMapper.shared()::readTree)
                    .get("drill");
            assertThat(drill.get("outcome").asString()).isEqualTo("passed");
            assertThat(drill.get("etcd_version").asString()).isEqualTo(ETCD_VERSION);
            assertThat(backup.execInContainer("otherix-etcd-backup", "status").getStdout())
                    .containsPattern("drill +passed .*" + ETCD_VERSION);
            assertThat(stopped(backup).getExitCodeLong()).as("ended by SIGTERM").isEqualTo(143);
        }
    }

    @Test
    void theImageItselfHasNoEtcdAndNamesNone() {
        var engine = etcd.getDockerClient();
        for (var name : List.of(image, BackupImage.withEtcd().name())) {
            var with = !name.equals(image);
            var variables = engine.inspectImageCmd(name).exec().getConfig().getEnv();
            assertThat(variables).as(name).isNotNull();
            assertThat(List.of(variables).contains("OTHERIX_DRILL__ETCD=/usr/local/bin/etcd"))
                    .as(name)
                    .isEqualTo(with);
            try (var program = container(name, _ -> {})
                    .withCreateContainerCmdModifier(create -> create.withEntrypoint("/usr/local/bin/etcd"))
                    .withCommand("--version")
                    .withStartupCheckStrategy(new OneShotStartupCheckStrategy())) {
                if (with) {
                    program.start();
                    assertThat(program.getLogs()).contains("etcd Version: " + ETCD_VERSION);
                } else {
                    assertThatThrownBy(program::start).hasStackTraceContaining("no such file or directory");
                }
            }
        }
    }

    @Test
    void javaSaysWhenItCannotUseTheCache() {
        try (var unfit = container(_ -> {})
                .withEnv("JAVA_TOOL_OPTIONS", "-XX:+UseCompactObjectHeaders")
                .withCommand("--version")
                .withStartupCheckStrategy(new OneShotStartupCheckStrategy())) {
            unfit.start();

            assertThat(unfit.getLogs()).contains("Unable to use AOT cache", "otherix-etcd-backup 0.");
        }
    }

    @Test
    void itRunsAsNobodyAndHasNoShell() {
        var found = etcd.getDockerClient().inspectImageCmd(image).exec();

        assertThat(found.getConfig().getUser()).isEqualTo("65532:65532");
        try (var shell = container(_ -> {}).withCreateContainerCmdModifier(create -> create.withEntrypoint("sh"))) {
            assertThatThrownBy(shell::start).hasStackTraceContaining("executable file not found");
        }
    }

    private static GenericContainer<?> container(Consumer<HostConfig> restrictions) {
        return container(image, restrictions);
    }

    private static GenericContainer<?> container(String image, Consumer<HostConfig> restrictions) {
        return new GenericContainer<>(DockerImageName.parse(image)).withCreateContainerCmdModifier(create -> {
            var host = create.getHostConfig();
            host.withNetworkMode("container:" + etcd.getContainerId());
            restrictions.accept(host);
        });
    }

    /** What the chart demands of Kubernetes, in the container engine's words. */
    private void restricted(HostConfig host) {
        host.withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withMemory(MEMORY)
                .withMemorySwap(MEMORY)
                .withTmpFs(Map.of("/tmp", "size=64m"))
                .withBinds(new Bind(volume, new Volume("/var/lib/otherix-backup"), AccessMode.rw));
    }

    private static ContainerState stopped(GenericContainer<?> container) {
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(10)
                .exec();
        var state = container
                .getDockerClient()
                .inspectContainerCmd(container.getContainerId())
                .exec()
                .getState();
        assertThat(state.getOOMKilled()).isNotEqualTo(true);
        return state;
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var url = URI.create("http://%s:%d%s".formatted(etcd.getHost(), etcd.getMappedPort(MONITORING), path));
            return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
