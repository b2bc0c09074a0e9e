package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code monitoring}.
 *
 * @param listen where the second listener, for health and metrics only, listens; null = off. Loopback only, like
 *     {@code api.listen}
 */
@Block("monitoring")
public record MonitoringProperties(@Default("off") @Nullable ListenAddress listen) {

    public MonitoringProperties {
        if (listen != null && !listen.isLoopback()) {
            throw new InvalidSetting("monitoring.listen", listen,
                    "is not a loopback address, and this service has no access control yet",
                    "Listen on loopback, for example 127.0.0.1:8091, or write off.");
        }
    }
}
