package dev.otherix.backup.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.otherix.backup.helm.Chart;
import dev.otherix.backup.helm.Manifests;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsContainerEngine;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.ReservedPort;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pod that the chart renders, run by podman beside an etcd. Podman is no kubelet. What a kubelet does and podman
 * does not is done here instead: probes are asked by the test, and the files of the Secret get their owner and mode
 * (fsGroup, defaultMode).
 */
@NeedsContainerEngine
@NeedsProgram("podman")
class SidecarPodIT {

    private static final Duration LONGEST_START = Duration.ofSeconds(90);
    private static final String BACKUP = "otherix-etcd-backup";

    @TempDir
    private Path work;

    @Test
    void theRenderedPodBacksUpItsMember() throws Exception {
        var image = BackupImage.get().name();
        var manifests = Chart.parent(work).template("""
                native: false
                otherix-etcd-backup:
                  image: {repository: "%s", tag: "%s", pullPolicy: Never}
                  offsite:
                    recipients: [age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p]
                    filesystem: {volume: {hostPath: {path: "%s", type: Directory}}}
                """.formatted(
                        image.substring(0, image.lastIndexOf(':')),
                        image.substring(image.lastIndexOf(':') + 1),
                        directoryForCopies()));
        var liveness = container(manifests
                        .only(StatefulSet.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec())
                .getLivenessProbe()
                .getHttpGet()
                .getPath();
        try (var port = ReservedPort.take()) {
            var pod = Files.writeString(
                    work.resolve("pod.yaml"), new JsonMapper().writeValueAsString(pod(manifests, port.number())));
            try {
                Command.of("podman", "kube", "play", pod.toString()).output();

                var monitoring = URI.create("http://127.0.0.1:" + port.number());
                await("its liveness")
                        .atMost(LONGEST_START)
                        .ignoreExceptions()
                        .until(() -> get(monitoring.resolve(liveness)).statusCode() == 200);
                await("the first snapshot")
                        .atMost(LONGEST_START)
                        .until(() -> get(monitoring.resolve("/actuator/prometheus"))
                                .body()
                                .contains("outcome=\"success\",trigger=\"startup\"} 1.0"));
                assertThat(Command.of("podman", "exec", name(port.number()) + "-" + BACKUP, BACKUP, "snapshot")
                                .output())
                        .matches("otherix-\\d{8}T\\d{6}Z\\.db\\R");
                assertThat(Command.of(
                                        "podman",
                                        "exec",
                                        name(port.number()) + "-" + BACKUP,
                                        BACKUP,
                                        "snapshot",
                                        "--offsite")
                                .output())
                        .matches("otherix-\\d{8}T\\d{6}Z\\.db\\R");
            } finally {
                Command.of("podman", "kube", "down", pod.toString()).run();
                Command.of("podman", "volume", "rm", "-f", volume(port.number()))
                        .run();
            }
        }
    }

    /** Its own: the engine knows each name once, and a build that was killed leaves its pod behind. */
    private static String name(int port) {
        return "otherix-api-" + port;
    }

    private static String volume(int port) {
        return "backups-" + port;
    }

    private Pod pod(Manifests manifests, int port) throws IOException {
        var spec = manifests.only(StatefulSet.class).getSpec().getTemplate().getSpec();
        var backup = container(spec);
        backup.setLivenessProbe(null);
        backup.getPorts().getFirst().setHostPort(port);
        var tokens = spec.getVolumes().stream()
                .filter(volume -> volume.getSecret() != null)
                .findFirst()
                .orElseThrow();
        tokens.setHostPath(new HostPathVolumeSource(
                secretFiles(manifests.only(Secret.class)).toString(), "Directory"));
        tokens.setSecret(null);
        return new PodBuilder()
                .withApiVersion("v1")
                .withKind("Pod")
                .withNewMetadata()
                .withName(name(port))
                .endMetadata()
                .withSpec(spec)
                .editSpec()
                .withContainers(etcd(), backup)
                .addToVolumes(new VolumeBuilder()
                        .withName("backups")
                        .withPersistentVolumeClaim(new PersistentVolumeClaimVolumeSource(volume(port), false))
                        .build())
                .endSpec()
                .build();
    }

    private static Container etcd() {
        return new ContainerBuilder()
                .withName("etcd")
                .withImage(BackupImage.ETCD)
                .withImagePullPolicy("Never")
                .withCommand("/usr/local/bin/etcd", "--data-dir=/tmp/etcd")
                .build();
    }

    private static Container container(PodSpec spec) {
        return spec.getContainers().stream()
                .filter(each -> each.getName().equals(BACKUP))
                .findFirst()
                .orElseThrow();
    }

    /** As a kubelet lays them down: root's, readable for the pod's fsGroup. */
    private Path secretFiles(Secret secret) throws IOException {
        var directory = Files.createDirectory(work.resolve("secret"));
        for (var entry : secret.getData().entrySet()) {
            var file = Files.write(
                    directory.resolve(entry.getKey()), Base64.getDecoder().decode(entry.getValue()));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
            Files.setAttribute(file, "unix:gid", 65532);
        }
        return directory;
    }

    /** With the mark, and the service's user as owner, as the page on installing says. */
    private Path directoryForCopies() throws IOException {
        var directory = Files.createDirectory(work.resolve("copies"));
        Files.createFile(directory.resolve(".otherix-etcd-backup-target"));
        Command.of("chown", "-R", "65532:65532", directory.toString()).output();
        return directory;
    }

    private static HttpResponse<String> get(URI url) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
