/**
 * Long work that a caller can follow, and the lane that does it: one piece at a time, on its own thread.
 *
 * <p>Knows nothing of snapshots, etcd or HTTP. The packages above define the work and its result.
 */
@NullMarked
package dev.otherix.backup.task;

import org.jspecify.annotations.NullMarked;
