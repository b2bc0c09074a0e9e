package dev.otherix.backup.start;

import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.WithDirectory;
import dev.otherix.backup.offsite.WithTarget;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Carries the settings through Spring's environment, and gives Spring the address to listen on, the certificate, and
 * whether there are a directory for snapshots and a target for copies. No other setting can be read through it.
 */
final class SettingsPropertySource extends EnumerablePropertySource<Settings> {

    private static final String NAME = "otherix-etcd-backup";

    private final Map<String, Object> properties;

    /** @param directoryHangs whether the directory does not answer now, so that the service starts without it */
    SettingsPropertySource(Settings settings, ListenAddress listen, Map<String, Object> tls, boolean directoryHangs) {
        super(NAME, settings);
        this.properties = new LinkedHashMap<>(tls);
        properties.put("server.address", listen.host());
        properties.put("server.port", listen.port());
        var dir = settings.bind(BackupProperties.class).dir();
        properties.put(
                WithTarget.PROPERTY,
                dir != null && !directoryHangs && CopiesAtStart.target(settings).isPresent());
        if (dir != null) {
            // "false" is no path, and hides one that Spring finds on the command line
            properties.put(WithDirectory.PROPERTY, directoryHangs ? "false" : dir.toString());
        }
    }

    static SettingsPropertySource of(ConfigurableEnvironment environment) {
        return (SettingsPropertySource)
                Objects.requireNonNull(environment.getPropertySources().get(NAME), "the settings have not been read");
    }

    @Override
    public String[] getPropertyNames() {
        return properties.keySet().toArray(String[]::new);
    }

    @Override
    public @Nullable Object getProperty(String name) {
        return properties.get(name);
    }
}
