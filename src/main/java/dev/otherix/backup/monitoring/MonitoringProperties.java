package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code monitoring}.
 *
 * @param listen address of the second listener, for health and metrics only; null = off. Any address is allowed,
 *     because it shows nothing else
 */
@Block("monitoring")
public record MonitoringProperties(@Default("off") @Nullable ListenAddress listen) {}
