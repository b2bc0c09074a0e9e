/**
 * Long work as its caller follows it, and the lane that does it: one piece at a time, on a thread of its own.
 *
 * <p>Knows nothing of snapshots, etcd or HTTP. What the work is, and what it results in, is the business of the
 * packages above.
 */
@NullMarked
package dev.otherix.backup.task;

import org.jspecify.annotations.NullMarked;
