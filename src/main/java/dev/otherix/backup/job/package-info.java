/**
 * Taking snapshots: the order of the steps of a run, one run at a time, when the next one is due, and the resulting
 * status.
 *
 * <p>Knows nothing of HTTP or metrics, and of Spring only {@code @Scheduled} and the wiring of its parts.
 */
@NullMarked
package dev.otherix.backup.job;

import org.jspecify.annotations.NullMarked;
