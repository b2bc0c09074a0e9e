/**
 * Taking snapshots: the order of the steps of a run, never two at a time, when the next one is due, and the status that
 * this makes.
 *
 * <p>Knows nothing of HTTP or metrics, and of Spring only {@code @Scheduled} and how its parts are put together.
 */
@NullMarked
package dev.otherix.backup.job;

import org.jspecify.annotations.NullMarked;
