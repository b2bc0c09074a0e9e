/**
 * Long work as its caller follows it, and the lane that does it: one piece at a time, on its own thread.
 *
 * <p>Knows nothing of snapshots, etcd or HTTP. The work and its result are the business of the packages above.
 */
@NullMarked
package dev.otherix.backup.task;

import org.jspecify.annotations.NullMarked;
