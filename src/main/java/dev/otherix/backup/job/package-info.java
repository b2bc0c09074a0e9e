/**
 * The order of the steps of a run, the schedule and the history of runs.
 */
@NullMarked
package dev.otherix.backup.job;

import org.jspecify.annotations.NullMarked;
