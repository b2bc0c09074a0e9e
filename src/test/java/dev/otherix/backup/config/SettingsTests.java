package dev.otherix.backup.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.SettingsScene.Api;
import dev.otherix.backup.config.SettingsScene.Etcd;
import dev.otherix.backup.config.SettingsScene.Stream;
import dev.otherix.backup.config.SettingsScene.Worker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class SettingsTests {

    private final SettingsScene scene;

    SettingsTests(@TempDir Path directory) {
        scene = new SettingsScene(directory);
    }

    @Test
    void withoutAnySourceTheDefaultsHold() {
        var settings = scene.load();
        assertThat(settings.bind(Worker.class)).isEqualTo(new Worker(false, Duration.ofHours(6), null, 7));
        assertThat(settings.bind(Etcd.class)).isEqualTo(new Etcd(URI.create("http://127.0.0.1:2379"), null, null));
        assertThat(settings.bind(Stream.class)).isEqualTo(new Stream(Duration.ofSeconds(30), null));
        assertThat(settings.files()).isEmpty();
    }

    @Test
    void eachSourceWinsOverTheOneBefore() {
        scene.backupYaml("workers.backup.interval: 1h");
        assertThat(interval()).isEqualTo("1h");
        var first = scene.file("first.yaml", "workers: {backup: {interval: 2h}}");
        assertThat(interval("--config", first.toString())).isEqualTo("2h");
        var second = scene.file("second.yaml", "workers: {backup: {interval: 3h}}");
        assertThat(interval("--config", first.toString(), "--config=" + second)).isEqualTo("3h");
        assertThat(interval("--config=" + second, "--config", first.toString())).isEqualTo("2h");
        scene.variable("OTHERIX_WORKERS__BACKUP__INTERVAL", "4h");
        assertThat(interval("--config=" + second)).isEqualTo("4h");
        assertThat(interval("--workers.backup.interval=5h", "--config=" + second))
                .isEqualTo("5h");
        assertThat(interval("--workers.backup.interval=5h", "--workers.backup.interval=6h"))
                .isEqualTo("6h");
    }

    @Test
    void sourcesAreMergedKeyByKey() {
        scene.backupYaml("""
                workers:
                  backup:
                    enabled: true
                    dir: /srv/snapshots
                """);
        scene.variable("OTHERIX_WORKERS__BACKUP__RETENTION", "3");
        assertThat(scene.load("--workers.backup.interval=1h").bind(Worker.class))
                .isEqualTo(new Worker(true, Duration.ofHours(1), Path.of("/srv/snapshots"), 3));
    }

    @Test
    void onlyVariablesWithThePrefixAreRead() {
        scene.variable("ETCD_CLIENT_URL", "http://127.0.0.1:1");
        scene.variable("ETCD_CA_FILE", "/leaked");
        scene.variable("API_LISTEN", "0.0.0.0:1");
        scene.variable("WORKERS__BACKUP__RETENTION", "1");
        scene.variable("otherix_workers__backup__retention", "1");
        assertThat(scene.load().bind(Etcd.class).caFile()).isNull();
        assertThat(scene.load().bind(Etcd.class).clientUrl()).hasPort(2379);
        assertThat(scene.load().bind(Api.class).listen()).hasToString("127.0.0.1:8090");
        assertThat(scene.load().bind(Worker.class).retention()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "false,false", "TRUE,true", "1,true", "0,false", "f,false"})
    void aSwitchIsWrittenAsInGo(String text, boolean expected) {
        assertThat(scene.load("--workers.backup.dir=/srv", "--workers.backup.enabled=" + text)
                        .bind(Worker.class)
                        .enabled())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"now_and_then,NOW_AND_THEN", "NEVER,NEVER"})
    void aChoiceIsOneOfItsWords(String text, SettingsScene.Choice expected) {
        assertThat(scene.load("--check.how=" + text)
                        .bind(SettingsScene.Check.class)
                        .how())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "workers.backup.enabled=maybe | is neither true nor false | Write true or false.",
                "workers.backup.enabled= | is empty | Give it a value, or remove it: then the default holds.",
                "workers.backup.interval=30 | is a number without its unit | Write a number with its unit, for example 30s, 90m, 6h or 1h30m.",
                "workers.backup.interval= | is empty | Give it a value, or remove it: then the default holds.",
                "workers.backup.retention=7.5 | is not a whole number | Write a whole number such as 7.",
                "workers.backup.retention=9999999999 | is not a whole number | Write a whole number such as 7.",
                "stream.rate_limit=50Mbit | is not a size | Write a whole number with its unit, for example 50MB or 1GB.",
                "stream.rate_limit=99999999999TB | is not a size | Write a whole number with its unit, for example 50MB or 1GB.",
                "etcd.client_url=http://a b | is not a URL | Write scheme, host and port, for example http://127.0.0.1:2379.",
                "etcd.client_url=127.0.0.1:2379 | has no scheme | Write http://127.0.0.1:2379, or https://127.0.0.1:2379 where TLS is on.",
                "etcd.client_url=localhost:2379 | has no scheme | Write http://localhost:2379, or https://localhost:2379 where TLS is on.",
                "etcd.client_url=[::1]:2379 | has no scheme | Write http://[::1]:2379, or https://[::1]:2379 where TLS is on.",
                "etcd.client_url=2379 | has no scheme | Write scheme, host and port, for example http://127.0.0.1:2379.",
                "etcd.client_url=127.0.0.1:1,127.0.0.1:2 | has no scheme | Write scheme, host and port, for example http://127.0.0.1:2379.",
                "check.how=sometimes | is not one of now_and_then, never | Write one of now_and_then, never.",
                "api.listen=8090 | is not host:port (an IPv6 address stands in brackets) | Write host:port, for example 127.0.0.1:8090 or [::1]:8090.",
                "api.listen=8091 | is not host:port (an IPv6 address stands in brackets) | Write host:port, for example 127.0.0.1:8091 or [::1]:8091.",
                "api.listen=everywhere | is not host:port (an IPv6 address stands in brackets) | Write host:port, for example 127.0.0.1:8092 or [::1]:8092.",
                "api.listen=[zz]:8090 | is not host:port (an IPv6 address stands in brackets) | Write host:port, for example 127.0.0.1:8090 or [::1]:8090."
            })
    void aTextOfTheWrongTypeIsRefusedWithTheFix(String argument, String problem, String fix) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> scene.bindAll("--" + argument))
                .satisfies(e -> assertThat(e.key()).isEqualTo(argument.substring(0, argument.indexOf('='))))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(problem))
                .satisfies(e -> assertThat(e.fix()).isEqualTo(fix))
                .satisfies(e -> assertThat(e.source()).contains("the command line"));
    }

    @Test
    void aPasswordInAUrlIsNeverQuoted() {
        for (var url : List.of("root:hidden@127.0.0.1:2379", "http://root:hidden@127.0.0.1:23 79")) {
            assertThatExceptionOfType(InvalidSetting.class)
                    .isThrownBy(() -> scene.bindAll("--etcd.client_url=" + url))
                    .satisfies(e -> assertThat(e.getMessage() + e.fix())
                            .contains("***@127.0.0.1:23")
                            .doesNotContain("hidden"));
        }
    }

    @Test
    void aMissingSettingThatASourceLeavesEmptyIsSaidToBeEmpty() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> scene.bindAll("--workers.backup.enabled=true", "--workers.backup.dir="))
                .withMessage("workers.backup.dir is empty (set by the command line)");
    }

    @Test
    void aRuleOfARecordIsToldWithTheSourceOfTheValue() {
        scene.variable("OTHERIX_WORKERS__BACKUP__RETENTION", "-1");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(scene::bindAll)
                .withMessage("workers.backup.retention = -1 is below zero"
                        + " (set by the environment variable OTHERIX_WORKERS__BACKUP__RETENTION)");
    }

    @Test
    void aMissingSettingHasNoSource() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> scene.bindAll("--workers.backup.enabled=true"))
                .satisfies(e -> assertThat(e.key()).isEqualTo("workers.backup.dir"))
                .satisfies(e -> assertThat(e.source()).isEmpty());
    }

    @Test
    void anEmptyTextUnsetsWhatMayBeUnset() {
        scene.backupYaml("""
                workers.backup.dir: /srv/snapshots
                stream.rate_limit: 50MB
                """);
        scene.variable("OTHERIX_WORKERS__BACKUP__DIR", "");
        assertThat(scene.load("--stream.rate_limit=").bind(Worker.class).dir()).isNull();
        assertThat(scene.load("--stream.rate_limit=").bind(Stream.class).rateLimit())
                .isNull();
        assertThat(scene.load().bind(Stream.class).rateLimit()).isEqualTo(DataSize.ofMegabytes(50));
    }

    @Test
    void offIsAValueOfWhatIsOffByDefault() {
        scene.backupYaml("stream: {rate_limit: off}");
        assertThat(scene.load().bind(Stream.class).rateLimit()).isNull();
        assertThat(scene.load("--stream.rate_limit=off").bind(Stream.class).rateLimit())
                .isNull();
        assertThat(scene.load("--etcd.username=off").bind(Etcd.class).username())
                .isEqualTo("off");
    }

    @Test
    void textIsNotExpanded() {
        scene.backupYaml("workers.backup.dir: /srv/${HOME}");
        assertThat(scene.load().bind(Worker.class).dir()).isEqualTo(Path.of("/srv/${HOME}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"OTHERIX_API__LISTN", "OTHERIX_STREAM__STALL", "OTHERIX_STREAM", "OTHERIX_API__LISTEN__0"})
    void anUnknownVariableInABlockOfOursIsRefused(String name) {
        scene.variable(name, "hidden");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(scene::load)
                .satisfies(e -> assertThat(e.source()).contains("the environment variable " + name))
                .withMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OTHERIX_AUTH__JWT_SECRET",
                "OTHERIX_WORKERS__MAX_WORKERS",
                "OTHERIX_ETCD__NAME",
                "OTHERIX_CLUSTER_CA__KEY_FILE",
                "OTHERIX_API_TOKEN",
                "OTHERIX_API_LISTN",
                "OTHERIX_",
                "OTHERIX_SERVER__LISTEN"
            })
    void aVariableThatMayBeOtherixApisIsIgnored(String name) {
        scene.variable(name, "x");
        assertThat(scene.load().ignoredVariables()).isEmpty();
    }

    @Test
    void anIgnoredVariableThatLooksLikeASettingIsNamed() {
        scene.variable("OTHERIX_WORKERS__BACKUP__INTERVALL", "1h");
        scene.variable("OTHERIX_WORKERS_BACKUP_DIR", "/srv");
        assertThat(scene.load().ignoredVariables())
                .containsExactly(
                        "OTHERIX_WORKERS_BACKUP_DIR (did you mean OTHERIX_WORKERS__BACKUP__DIR?)",
                        "OTHERIX_WORKERS__BACKUP__INTERVALL (did you mean OTHERIX_WORKERS__BACKUP__INTERVAL?)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--workers.backup.intervall=1h | workers.backup.intervall is not a setting of this service",
                "--workers.backup=1h | workers.backup is a block of settings, not a single one",
                "--etcd.name=x | etcd.name is not a setting of this service",
                "--api.token=hidden | api.token is not a setting of this service",
                "--interval=1h | interval is not a setting of this service",
                "--Workers.backup.interval=1h | Workers.backup.interval is not a setting of this service",
                "--workers.backup.interval | workers.backup.interval has no value",
                "-v | -v is not an option",
                "-Dworkers.backup.interval=1h | -Dworkers.backup.interval is not an option",
                "-- | -- is not an option",
                "start | start is not an option",
                "'' | ' is not an option'",
                "--config | --config names no file",
                "--config= | --config names no file"
            })
    void anythingElseOnTheCommandLineIsRefused(String argument, String message) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> scene.load(argument))
                .withMessage(message + " (set by the command line)")
                .withMessageNotContaining("hidden");
    }

    @Test
    void anOptionIsNoFileName() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> scene.load("--config", "--workers.backup.interval=1h"))
                .satisfies(e -> assertThat(e.key()).isEqualTo("--config"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--debug",
                "--logging.level.root=debug",
                "--spring.main.banner-mode=off",
                "--management.server.port=1",
                "--server.shutdown=immediate"
            })
    void springsOwnOptionsPass(String argument) {
        assertThat(scene.load(argument).files()).isEmpty();
    }

    private String interval(String... arguments) {
        return GoDuration.format(scene.load(arguments).bind(Worker.class).interval());
    }
}
