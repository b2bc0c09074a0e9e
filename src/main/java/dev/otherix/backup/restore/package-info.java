/**
 * From a snapshot to a running cluster: the data directory of a member, whether to restore at all, from which snapshot,
 * and what to do on each host; and drills, which try that. Works on files alone; the only thing that it asks of the
 * network is whether members still answer. A drill reaches its own etcd at a unix socket.
 *
 * <p>Knows {@code history}, {@code verify}, {@code etcd}, {@code snapshot} and {@code config}, and no command.
 */
@NullMarked
package dev.otherix.backup.restore;

import org.jspecify.annotations.NullMarked;
