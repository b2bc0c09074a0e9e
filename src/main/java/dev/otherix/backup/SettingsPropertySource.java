package dev.otherix.backup;

import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.Settings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Carries the settings through Spring's environment, and tells Spring where to listen. No setting of ours can be read
 * through it.
 */
final class SettingsPropertySource extends EnumerablePropertySource<Settings> {

    private static final String NAME = "otherix-etcd-backup";
    private static final String ADDRESS = "server.address";
    private static final String PORT = "server.port";

    private final ListenAddress listen;

    SettingsPropertySource(Settings settings, ListenAddress listen) {
        super(NAME, settings);
        this.listen = listen;
    }

    static SettingsPropertySource of(ConfigurableEnvironment environment) {
        return (SettingsPropertySource) Objects.requireNonNull(environment.getPropertySources().get(NAME),
                "the settings have not been read");
    }

    @Override
    public String[] getPropertyNames() {
        return new String[] {ADDRESS, PORT};
    }

    @Override
    public @Nullable Object getProperty(String name) {
        return switch (name) {
            case ADDRESS -> listen.host();
            case PORT -> listen.port();
            default -> null;
        };
    }
}
