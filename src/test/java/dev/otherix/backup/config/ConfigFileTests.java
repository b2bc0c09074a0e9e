package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.SettingsScene.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTests {

    private final Path directory;
    private final SettingsScene scene;

    ConfigFileTests(@TempDir Path directory) {
        this.directory = directory;
        this.scene = new SettingsScene(directory);
    }

    @Test
    void aFileIsSaidToBeOurs() {
        var file = scene.backupYaml("workers: {backup: {interval: 1h}}");
        assertThat(scene.load().files()).containsExactly(file + " is this service's configuration");
    }

    @Test
    void anUnknownKeyIsRefusedWithItsLineAndTheNearestKey() {
        var file = scene.backupYaml("""
                workers:
                  backup:
                    interval: 1h
                    retension: hidden
                """);
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(scene::load)
                .withMessage("workers.backup.retension is not a setting of this service (set by " + file + ", line 4)")
                .satisfies(e -> assertThat(e.fix()).contains("workers.backup.retention"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "etcd.client-url: x | etcd.client-url | etcd.client_url",
                "etcd.clientUrl: x | etcd.clientUrl | etcd.client_url",
                "backup.interval: 1h | backup.interval | workers.backup.interval",
                "interval: 1h | interval | workers.backup.interval",
                "streem.stall_timeout: 1h | streem.stall_timeout | stream.stall_timeout",
                "server.port: 80 | server.port | api.listen",
                "workers.backup.interval.hours: 1 | workers.backup.interval.hours | workers.backup.interval"
            })
    void theNearestKeyIsNamed(String yaml, String key, String nearest) {
        scene.backupYaml(yaml);
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(scene::load)
                .satisfies(e -> assertThat(e.key()).isEqualTo(key))
                .satisfies(e ->
                        assertThat(e.fix()).isEqualTo("Did you mean " + nearest + "? Correct the key, or remove it."));
    }

    @Test
    void aListWhereOneValueBelongsIsRefused() {
        scene.backupYaml("workers.backup.dir: [/a, /b]");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(scene::load)
                .withMessageStartingWith("workers.backup.dir is a list, but takes one value");
    }

    @Test
    void aValueWhereABlockBelongsIsRefused() {
        scene.backupYaml("workers: 3");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(scene::load)
                .withMessageStartingWith("workers is a block of settings, not a single one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"# only a comment", "workers:", "workers:\n  backup:", "stream: {}", "---\n# nothing\n"})
    void aFileThatSetsNothingIsFine(String yaml) {
        scene.backupYaml(yaml);
        assertThat(scene.load().bind(Worker.class).interval()).isEqualTo(Duration.ofHours(6));
    }

    @Test
    void aBlockMayBeMergedIntoAnother() {
        scene.backupYaml("""
                server.listen: x
                some: &some {interval: 1h, retention: 2}
                other: &other {retention: 3, dir: /srv}
                workers:
                  backup:
                    <<: [*some, *other]
                    interval: 5h
                """);
        assertThat(scene.load().bind(Worker.class))
                .isEqualTo(new Worker(false, Duration.ofHours(5), Path.of("/srv"), 2));
    }

    @Test
    void textIsTakenAsItIsWritten() {
        scene.backupYaml("workers.backup: {retention: 010, dir: /srv/2026-01-01, enabled: True}");
        assertThat(scene.load().bind(Worker.class))
                .isEqualTo(new Worker(true, Duration.ofHours(6), Path.of("/srv/2026-01-01"), 10));
    }

    @Test
    void aByteOrderMarkIsNoContent() {
        scene.backupYaml("\ufeffworkers.backup.interval: 1h");
        assertThat(scene.load().bind(Worker.class).interval()).isEqualTo(Duration.ofHours(1));
        scene.backupYaml("\ufeff");
        refused("is empty");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | is empty",
                "'  ' | is empty",
                "'a: b: hidden' | is not valid YAML: mapping values are not allowed here",
                "'a: [hidden' | is not valid YAML",
                "'a:\n   b: 1\n  hidden: 2' | is not valid YAML: the indentation does not fit that of the lines before",
                "'a: 1\n    hidden: 2' | is not valid YAML: mapping values are not allowed here",
                "'a: *hidden' | is not valid YAML",
                "'a: !hidden!b x' | is not valid YAML",
                "'? [a, b]' | has a key that is not text",
                "'<<: hidden' | merges something that is not a mapping",
                "'a: %hidden' | is not valid YAML: found character '%' that cannot start any token. (Do not use % for indentation)",
                "hidden | does not map keys to values",
                "'[hidden]' | does not map keys to values",
                "'a: &a {b: *a}' | is nested too deep, or has a part that holds itself",
                "'a: &a [*a]' | is nested too deep, or has a part that holds itself",
                "'a: &a {<<: *a}' | is nested too deep, or has a part that holds itself"
            })
    void aFileThatIsNoYamlMappingIsRefusedAndNotQuoted(String content, String problem) {
        scene.backupYaml(content);
        assertThat(refused(problem)).hasNoCause();
    }

    @Test
    void aKeyThatStandsTwiceIsRefusedWithItsLine() {
        scene.backupYaml("workers:\n  backup:\n    interval: 1h\n    interval: 2h\n");
        assertThat(refused("has a key twice: interval").line()).hasValue(4);
    }

    @Test
    void aKeyMayNotStandBothDottedAndNested() {
        scene.backupYaml("workers:\n  backup:\n    interval: 1h\nworkers.backup.interval: 2h\n");
        assertThat(refused("has a key twice: workers.backup.interval").line()).hasValue(4);
    }

    @Test
    void twoDocumentsAreRefused() {
        scene.backupYaml("workers.backup.interval: 1h\n---\nworkers.backup.interval: 2h\n");
        refused("holds 2 YAML documents");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        Files.write(directory.resolve("backup.yaml"), new byte[] {'a', ':', ' ', (byte) 0xfc});
        refused("is not UTF-8 text");
    }

    @Test
    void aHugeFileIsRefused() {
        scene.backupYaml("#".repeat((1 << 20) + 1));
        refused("is larger than 1 MiB");
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        Files.createDirectory(directory.resolve("backup.yaml"));
        refused("is a directory");
    }

    @Test
    void aDanglingLinkIsNotTakenForNoFile() throws IOException {
        Files.createSymbolicLink(directory.resolve("backup.yaml"), directory.resolve("gone"));
        refused("is a link to " + directory.resolve("gone") + ", which does not exist");
    }

    @Test
    void aMissingFileOnTheCommandLineIsRefused() {
        var missing = directory.resolve("missing.yaml");
        assertThatExceptionOfType(UnusableConfigFile.class)
                .isThrownBy(() -> scene.load("--config", missing.toString()))
                .withMessage("the configuration file " + missing + " does not exist");
    }

    private UnusableConfigFile refused(String problem) {
        return assertThatExceptionOfType(UnusableConfigFile.class)
                .isThrownBy(scene::load)
                .withMessageNotContaining("hidden")
                .satisfies(e -> assertThat(e.problem()).isEqualTo(problem))
                .satisfies(e -> assertThat(e.fix()).isNotBlank())
                .satisfies(e -> assertThat(e.file()).isEqualTo(directory.resolve("backup.yaml")))
                .actual();
    }
}
