package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.ListenAddress;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code monitoring}.
 *
 * @param listen where the second listener, for health and metrics only, listens; null = off. Anywhere, because it tells
 *     nobody more than that
 */
@Block("monitoring")
public record MonitoringProperties(@Default("off") @Nullable ListenAddress listen) {}
