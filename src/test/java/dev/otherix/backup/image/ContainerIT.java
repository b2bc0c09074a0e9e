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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** Beside an etcd with which it shares a network, as in a pod, and with the restrictions of the chart. */
@NeedsContainerEngine
class ContainerIT {

    private static final long MEMORY = 256L << 20;
    private static final int MONITORING = 8091;
    private static final Duration LONGEST_START = Duration.ofSeconds(90);

    private static String image;
    private static String volume;
    private static GenericContainer<?> etcd;

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
        volume = "otherix-etcd-backup-" + UUID.randomUUID();
        etcd.getDockerClient().createVolumeCmd().withName(volume).exec();
    }

    @AfterAll
    static void stop() {
        var engine = etcd.getDockerClient();
        etcd.stop();
        engine.removeVolumeCmd(volume).exec();
    }

    @Test
    void itBacksUpByItselfTakesCommandsAndStopsWhenTold() throws Exception {
        try (var backup = container(ContainerIT::restricted)
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
    void theOtherImageOfTheBuildDrillsWithItsOwnEtcd() throws Exception {
        try (var backup = container(BackupImage.withEtcd().name(), ContainerIT::restricted)
                .waitingFor(
                        Wait.forLogMessage(".*Started OtherixEtcdBackup.*", 1).withStartupTimeout(LONGEST_START))) {
            backup.start();
            var name = backup.execInContainer("otherix-etcd-backup", "snapshot")
                    .getStdout()
                    .strip();

            var drill = backup.execInContainer(
                    "otherix-etcd-backup",
                    "drill",
                    "--etcd=/usr/local/bin/etcd",
                    "--scratch=/var/lib/otherix-backup",
                    "/var/lib/otherix-backup/snapshots/" + name);

            assertThat(drill.getExitCode()).as(drill::getStderr).isZero();
            assertThat(drill.getStdout()).contains(BackupImage.ETCD.substring(BackupImage.ETCD.indexOf(":v") + 2));
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
    private static void restricted(HostConfig host) {
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
