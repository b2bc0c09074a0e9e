package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.SettingsScene.Api;
import dev.otherix.backup.config.SettingsScene.ClusterCa;
import dev.otherix.backup.config.SettingsScene.Etcd;
import dev.otherix.backup.config.SettingsScene.Worker;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherixApiFileTests {

    private static final String THEIR_DIR = "/var/backups/of-the-built-in-worker";

    private final Path directory;
    private final SettingsScene scene;
    private final Path apiYaml;

    OtherixApiFileTests(@TempDir Path directory) throws URISyntaxException {
        this.directory = directory;
        this.scene = new SettingsScene(directory);
        this.apiYaml = Path.of(Objects.requireNonNull(getClass().getResource("/otherix-api.yaml"))
                .toURI());
    }

    @Test
    void onlyTheSharedSettingsAreTaken() {
        var settings = scene.load("--config", apiYaml.toString());
        assertThat(settings.bind(Worker.class))
                .isEqualTo(new Worker(true, Duration.ofHours(3), Path.of(THEIR_DIR), 12));
        assertThat(settings.bind(Etcd.class)).isEqualTo(new Etcd(URI.create("http://127.0.0.1:12379"), null, null));
        assertThat(settings.bind(ClusterCa.class).certFile()).isEqualTo(Path.of("/srv/otherix/ca.crt"));
        assertThat(settings.bind(Api.class).listen()).hasToString("127.0.0.1:8090");
        assertThat(settings.files())
                .containsExactly(apiYaml + " is an otherix api.yaml: only workers.backup,"
                        + " etcd.client_url and cluster_ca.cert_file are taken from it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.listen: x",
                "server: {listen: [a, b]}",
                "server: {a: 1}\nauth: {b: 2}",
                "server:\nauth:",
                "server: {listen: {a: b}}"
            })
    void whatMakesAFileAnApiYaml(String shape) {
        scene.backupYaml(shape + "\nanything: goes\nworkers.backup.retention: 3\n");
        assertThat(scene.load().bind(Worker.class).retention()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server: {port: 1}", "auth: {a: b}", "servers.listen: x\nauth: {}", "listen: x"})
    void whatDoesNot(String shape) {
        scene.backupYaml(shape + "\nworkers.backup.retention: 3\n");
        assertThatExceptionOfType(InvalidSetting.class).isThrownBy(scene::load);
    }

    @Test
    void anEmptyValueInItMeansTheDefault() {
        scene.backupYaml("server.listen: x\nworkers: {backup: {dir: \"\", interval: }}\ncluster_ca: {cert_file: ''}\n");
        assertThat(scene.load().bind(Worker.class)).isEqualTo(new Worker(false, Duration.ofHours(6), null, 7));
        assertThat(scene.load().bind(ClusterCa.class).certFile()).isEqualTo(Path.of("/ca.crt"));
    }

    @Test
    void anApiYamlBesideOursIsNoSourceOfSettings() throws IOException {
        Files.copy(apiYaml, directory.resolve("api.yaml"));
        var settings = scene.load();
        assertThat(settings.ofOtherix()).extracting(ConfigFile::path).containsExactly(directory.resolve("api.yaml"));
        assertThat(settings.files()).isEmpty();
        assertThat(settings.bind(Worker.class).retention()).isEqualTo(7);
    }
}
