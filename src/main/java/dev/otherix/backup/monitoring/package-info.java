/** Health and metrics, for dashboards and probes. */
@NullMarked
package dev.otherix.backup.monitoring;

import org.jspecify.annotations.NullMarked;
