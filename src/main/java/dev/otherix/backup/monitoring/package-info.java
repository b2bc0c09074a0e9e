/** Health and metrics, for dashboards and probes; and the heartbeat, for whoever waits for its calls. */
@NullMarked
package dev.otherix.backup.monitoring;

import org.jspecify.annotations.NullMarked;
