package dev.otherix.backup.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.api.ApiProperties;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.BuiltInWorker;
import dev.otherix.backup.log.Written;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;

/** A real start of Spring, with nothing in it but the settings. */
@ExtendWith(OutputCaptureExtension.class)
class SettingsListenerTests {

    private final Path etcOtherix;
    private final Map<String, Object> variables = new HashMap<>();

    SettingsListenerTests(@TempDir Path etcOtherix) {
        this.etcOtherix = etcOtherix;
    }

    @AfterEach
    void loggingAsBefore() {
        LoggingSystem.get(getClass().getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.INFO);
    }

    @Test
    void everyBlockIsABean() throws IOException {
        Files.writeString(etcOtherix.resolve("backup.yaml"), "workers: {backup: {interval: 2h}}");
        try (var context = start()) {
            assertThat(SettingsBlocks.ALL)
                    .allSatisfy(block -> assertThat(context.getBean(block)).isNotNull());
            assertThat(context.getBean(BackupProperties.class).interval()).isEqualTo(Duration.ofHours(2));
        }
    }

    @Test
    void variablesOfEtcdAndKubernetesDoNotLeakIn() {
        variables.put("ETCD_CERT_FILE", "/leaked.pem");
        variables.put("ETCD_CLIENT_URL", "http://10.0.0.7:1");
        variables.put("API_LISTEN", "0.0.0.0:1");
        variables.put("WORKERS_BACKUP_ENABLED", "true");
        try (var context = start()) {
            assertThat(context.getBean(EtcdProperties.class).certFile()).isNull();
            assertThat(context.getBean(EtcdProperties.class).clientUrl()).hasPort(2379);
            assertThat(context.getBean(ApiProperties.class).listen()).hasToString("127.0.0.1:8090");
            assertThat(context.getBean(BackupProperties.class).enabled()).isFalse();
        }
    }

    @Test
    void theListenAddressIsHandedToSpring() {
        try (var context = start("--api.listen=[::1]:0")) {
            assertThat(context.getEnvironment().getProperty("server.address")).isEqualTo("::1");
            assertThat(context.getEnvironment().getProperty("server.port")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @CsvSource({"server.port,--server.port=1", "server.address,--server.address=0.0.0.0"})
    void springsOwnAddressIsRefusedOnTheCommandLine(String key, String argument) {
        refusedSpringsOwn(key, argument);
    }

    @ParameterizedTest
    @CsvSource({"server.port,SERVER_PORT", "server.address,SERVER_ADDRESS"})
    void springsOwnAddressIsRefusedInTheEnvironment(String key, String variable, CapturedOutput output) {
        variables.put(variable, "1");
        refusedSpringsOwn(key);
        assertThat(Written.out(output)).contains(variable);
    }

    @Test
    void oneAddressIsNotForTwoListeners() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> start("--api.listen=127.0.0.1:8091", "--monitoring.listen=127.0.0.1:8091"))
                .satisfies(e -> assertThat(e.key()).isEqualTo("monitoring.listen"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:8090", "[::]:8090", "10.0.0.7:8090", "otherix-0:8090"})
    void anotherAddressThanLoopbackNeedsTls(String listen) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> start("--api.listen=" + listen))
                .withMessageStartingWith("api.listen = " + listen + " is not a loopback address")
                .satisfies(e -> assertThat(e.fix()).contains("api.tls.cert_file", "127.0.0.1:"));
    }

    @Test
    void anotherAddressIsTakenWithTlsThatAsksForAClientsCertificate() throws IOException {
        var certificates = TestCertificates.in(etcOtherix.resolve("certificates"));
        var server = certificates.server();
        try (var context = start(
                "--api.listen=0.0.0.0:0",
                "--api.tls.cert_file=" + server.certificate(),
                "--api.tls.key_file=" + server.key(),
                "--api.tls.client_ca_file=" + certificates.ca())) {
            var environment = context.getEnvironment();
            assertThat(environment.getProperty("server.ssl.bundle")).isEqualTo("api");
            assertThat(environment.getProperty("server.ssl.client-auth")).isEqualTo("need");
        }
        refusedTls(
                "api.tls.key_file",
                "is not the key of the first certificate",
                server.certificate(),
                certificates.authority().key());
        refusedTls(
                "api.tls.key_file",
                "holds no private key",
                server.certificate(),
                PrivateFile.write(etcOtherix.resolve("no.key"), Files.readString(certificates.ca())));
        refusedTls("api.tls.cert_file", "certificate", server.key(), server.key());
        refusedTls("api.tls.cert_file", "does not exist", etcOtherix.resolve("nothing"), server.key());
    }

    private void refusedTls(String key, String problem, Path certificate, Path privateKey) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> start("--api.tls.cert_file=" + certificate, "--api.tls.key_file=" + privateKey))
                .satisfies(e -> assertThat(e.key()).isEqualTo(key))
                .withMessageContaining(problem)
                .withMessageNotContaining("PRIVATE");
    }

    @Test
    void aWrongSettingIsToldWithKeyValuePlaceAndFix(CapturedOutput output) {
        variables.put("OTHERIX_WORKERS__BACKUP__INTERVAL", "-1h");
        assertThatExceptionOfType(InvalidSetting.class).isThrownBy(this::start);
        assertThat(Written.out(output).toString().lines())
                .containsSequence(
                        "Description:",
                        "",
                        "workers.backup.interval = -1h is below zero.",
                        "It is set by the environment variable OTHERIX_WORKERS__BACKUP__INTERVAL.",
                        "",
                        "Action:",
                        "",
                        "Write a positive duration such as 6h, or 0 for the default of 6h.");
        assertThat(Written.out(output)).doesNotContain("\tat ");
    }

    @Test
    void aBrokenFileIsToldWithItsLine(CapturedOutput output) throws IOException {
        var file = Files.writeString(etcOtherix.resolve("backup.yaml"), "a: 1\nb: c: d\n");
        assertThatExceptionOfType(UnusableConfigFile.class).isThrownBy(this::start);
        assertThat(Written.out(output).toString().lines())
                .containsSequence(
                        "The configuration file " + file
                                + " is not valid YAML: mapping values are not allowed here, at line 2.",
                        "",
                        "Action:",
                        "",
                        "The line is indented too far, or has a second colon: indent the keys of one block alike,"
                                + " and put a value with a colon in quotes.");
        assertThat(Written.out(output)).doesNotContain("\tat ");
    }

    @Test
    void nothingElseOfAnApiYamlIsEverLogged(CapturedOutput output) throws URISyntaxException {
        var apiYaml = Path.of(Objects.requireNonNull(getClass().getResource("/otherix-api.yaml"))
                .toURI());
        try (var context = start("--config", apiYaml.toString(), "--logging.level.root=trace")) {
            assertThat(context.getBean(BuiltInWorker.class).reason()).isPresent();
        }
        assertThat(Written.out(output))
                .contains("configuration: " + apiYaml + " is an otherix api.yaml")
                .contains("each would prune the other's snapshots")
                .doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--debug", "--logging.level.root=warn", "--spring.main.banner-mode=log"})
    void springsOwnPropertiesComeSpringsOwnWays(String argument) {
        try (var context = start(argument)) {
            assertThat(context.isRunning()).isTrue();
        }
    }

    private void refusedSpringsOwn(String key, String... arguments) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> start(arguments))
                .satisfies(e -> assertThat(e.key()).isEqualTo(key))
                .satisfies(e -> assertThat(e.fix()).contains("api.listen"));
    }

    private ConfigurableApplicationContext start(String... arguments) {
        var application = new SpringApplication(SettingsConfiguration.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setEnvironment(new GivenEnvironment(variables, Map.of("otherix.etc", etcOtherix.toString())));
        return application.run(arguments);
    }

    private static final class GivenEnvironment extends StandardEnvironment {

        private final Map<String, Object> variables;
        private final Map<String, Object> properties;

        GivenEnvironment(Map<String, Object> variables, Map<String, Object> properties) {
            // Set before super(), which asks for both.
            this.variables = variables;
            this.properties = properties;
            super();
        }

        @Override
        public Map<String, Object> getSystemEnvironment() {
            return variables;
        }

        @Override
        public Map<String, Object> getSystemProperties() {
            return properties;
        }
    }
}
