/**
 * Long work that a caller can follow, the lane that does it, one piece at a time, on its own thread, and whose turn it
 * is where lanes disturb each other.
 *
 * <p>Does nothing with snapshots, etcd or HTTP itself. The packages above define the work and its result.
 */
@NullMarked
package dev.otherix.backup.task;

import org.jspecify.annotations.NullMarked;
