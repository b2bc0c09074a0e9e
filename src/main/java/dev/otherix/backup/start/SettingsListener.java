package dev.otherix.backup.start;

import dev.otherix.backup.access.AccessProperties;
import dev.otherix.backup.access.ServerTls;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.api.ApiProperties;
import dev.otherix.backup.audit.AuditProperties;
import dev.otherix.backup.config.ForeignOwner;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.config.TakenPort;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.BuiltInWorker;
import dev.otherix.backup.job.DirectoryAtStart;
import dev.otherix.backup.log.LogQueue;
import dev.otherix.backup.monitoring.MonitoringProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads and checks all settings before anything else is created, so that a wrong one stops the start at once. Runs
 * right after Spring has set up logging, so that its lines have the format that the operator chose.
 *
 * <p>The system property {@code otherix.etc} replaces the directory {@code /etc/otherix}, for tests.
 */
public final class SettingsListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    private static final Logger log = LoggerFactory.getLogger(SettingsListener.class);
    /** How long a start waits for a file system. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private static final List<String> REFUSED = List.of("server.port", "server.address");

    @Override
    public int getOrder() {
        return LogQueue.ORDER + 1;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        var environment = event.getEnvironment();
        refuseSpringsOwnAddress(environment);
        var settings = Settings.load(
                SettingsBlocks.ALL,
                event.getArgs(),
                variables(environment),
                etcOtherix(environment.getSystemProperties()));
        // before the blocks are made, which read some of them
        new FilesAtStart(LONGEST_ANSWER).require(settings);
        SettingsBlocks.ALL.forEach(settings::bind);
        var listen = settings.bind(ApiProperties.class).listen();
        var tls = settings.bind(TlsProperties.class);
        refuseOneAddressForTwo(listen, settings.bind(MonitoringProperties.class));
        refusePlainHttpToOthers(listen, tls);
        CopiesAtStart.require(settings);
        var hanging = hangingDirectory(settings);
        if (hanging.isEmpty()) {
            refuseRootElsewhere(settings);
        }
        environment
                .getPropertySources()
                .addFirst(new SettingsPropertySource(settings, listen, ServerTls.properties(tls), hanging.isPresent()));
        hanging.ifPresent(directory -> startWithout(directory, event.getBootstrapContext()));
        report(settings);
    }

    private static Optional<DirectoryAtStart> hangingDirectory(Settings settings) {
        return Optional.ofNullable(settings.bind(BackupProperties.class).dir())
                .flatMap(dir -> DirectoryAtStart.hanging(dir, LONGEST_ANSWER, Clock.systemUTC()));
    }

    private static void startWithout(DirectoryAtStart directory, ConfigurableBootstrapContext bootstrap) {
        log.error("starting without workers.backup.dir: {}", directory.message());
        bootstrap.addCloseListener(event ->
                event.getApplicationContext().getBeanFactory().registerSingleton("directoryAtStart", directory));
    }

    private static Map<String, String> variables(ConfigurableEnvironment environment) {
        return environment.getSystemEnvironment().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, variable -> Objects.toString(variable.getValue(), "")));
    }

    public static Path etcOtherix(Map<?, ?> systemProperties) {
        Object other = systemProperties.get("otherix.etc");
        return other == null ? Settings.ETC_OTHERIX : Path.of(other.toString());
    }

    private static void refuseSpringsOwnAddress(ConfigurableEnvironment environment) {
        for (var key : REFUSED) {
            ConfigurationPropertySources.get(environment).forEach(source -> {
                var found = source.getConfigurationProperty(ConfigurationPropertyName.of(key));
                if (found != null) {
                    throw new InvalidSetting(
                            key,
                            found.getValue(),
                            "is not a setting of this service (found as " + found.getOrigin() + ")",
                            "Remove it, and set api.listen, for example 127.0.0.1:8090.");
                }
            });
        }
    }

    private static void refuseOneAddressForTwo(ListenAddress api, MonitoringProperties monitoring) {
        if (api.port() != 0 && api.equals(monitoring.listen())) {
            throw new InvalidSetting(
                    "monitoring.listen",
                    api,
                    "is the address of api.listen too",
                    "Give it another port, for example 127.0.0.1:" + new TakenPort(api.port()).other()
                            + ", or write off.");
        }
    }

    private static void refusePlainHttpToOthers(ListenAddress api, TlsProperties tls) {
        if (!api.isLoopback() && !tls.on()) {
            throw new InvalidSetting(
                    "api.listen",
                    api,
                    "is not a loopback address, and without api.tls tokens and the cluster CA's key would cross the "
                            + "network unencrypted",
                    "Set api.tls.cert_file and api.tls.key_file, or listen on loopback, for example 127.0.0.1:8090.");
        }
    }

    private static void refuseRootElsewhere(Settings settings) {
        var dir = settings.bind(BackupProperties.class).dir();
        if (dir != null) {
            ForeignOwner.refuse("workers.backup.dir", dir);
        }
        var access = settings.bind(AccessProperties.class);
        if (access.tokensFile() == null && Files.notExists(access.tokenFile())) {
            ForeignOwner.refuse("api.token_file", access.tokenFile());
        }
        var audit = settings.bind(AuditProperties.class).file();
        if (audit != null) {
            ForeignOwner.refuse("audit.file", audit);
        }
    }

    private static void report(Settings settings) {
        if (settings.files().isEmpty()) {
            log.info("configuration: no file");
        }
        settings.files().forEach(file -> log.info("configuration: {}", file));
        settings.ignoredVariables().forEach(variable -> log.warn("ignored environment variable {}", variable));
        BuiltInWorker.find(settings)
                .reason()
                .ifPresent(reason -> log.warn(
                        "{}: each would prune the other's snapshots; move the block to backup.yaml, and set "
                                + "enabled: false in api.yaml",
                        reason));
    }
}
