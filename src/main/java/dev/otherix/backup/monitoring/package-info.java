/** Health and metrics: what a dashboard and a probe see. */
@NullMarked
package dev.otherix.backup.monitoring;

import org.jspecify.annotations.NullMarked;
