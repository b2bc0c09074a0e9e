package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.config.Settings;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuiltInWorkerTests {

    private static final String THEIR_DIR = "/var/backups/of-the-built-in-worker";

    private final Path directory;
    private final Path apiYaml;

    BuiltInWorkerTests(@TempDir Path directory) throws URISyntaxException {
        this.directory = directory;
        this.apiYaml = Path.of(Objects.requireNonNull(getClass().getResource("/otherix-api.yaml"))
                .toURI());
    }

    private BuiltInWorker find(String... arguments) {
        return BuiltInWorker.find(Settings.load(List.of(BackupProperties.class), arguments, Map.of(), directory));
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    @Test
    void anEnabledBlockTakenFromItMeansASharedDirectory() {
        assertThat(find("--config", apiYaml.toString()).reason())
                .contains(apiYaml
                        + " has workers.backup.enabled: true with the same directory " + THEIR_DIR
                        + ", so otherix-api runs its own worker there");
    }

    @Test
    void itsWorkerRunsThereAlsoWhenOursIsSwitchedOffElsewhere() {
        assertThat(find("--config", apiYaml.toString(), "--workers.backup.enabled=false")
                        .reason())
                .isPresent();
    }

    @Test
    void aDirectoryOfOurOwnIsNotShared() {
        assertThat(find("--config", apiYaml.toString(), "--workers.backup.dir=/srv/ours")
                        .reason())
                .isEmpty();
    }

    @Test
    void anApiYamlBesideOursIsLookedInto() throws IOException {
        write("backup.yaml", "workers.backup: {enabled: true, dir: " + THEIR_DIR + "/}");
        assertThat(find().reason()).isEmpty();
        Files.copy(apiYaml, directory.resolve("api.yaml"));
        assertThat(find().reason()).isPresent();
    }

    @Test
    void aLinkToTheSameDirectoryIsTheSame() throws IOException {
        var real = Files.createDirectory(directory.resolve("real"));
        var link = Files.createSymbolicLink(directory.resolve("link"), real);
        write("api.yaml", "server.listen: x\nworkers.backup: {enabled: true, dir: " + link + "}");
        assertThat(find("--workers.backup.dir=" + real).reason()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: b: c",
                "",
                "workers.backup: {enabled: false, dir: /srv}",
                "workers.backup: {enabled: true}",
                "workers.backup: {enabled: true, dir: /other}",
                "workers.backup: {enabled: true, dir: \"/srv\\0\"}"
            })
    void anApiYamlBesideOursNeverStopsTheStart(String content) throws IOException {
        write("api.yaml", content);
        assertThat(find("--workers.backup.dir=/srv").reason()).isEmpty();
    }
}
