/**
 * A file's past: which moments a snapshot holds, what changed in it, and what was there at any of them. Everything is
 * read from files that were proven first; nothing here needs a service, an etcd or a setting. It also writes: the
 * snapshot of an earlier moment, which is proven before it gets its name.
 *
 * <p>Knows {@code verify} and {@code snapshot}, and no command. A moment that a file does not hold is refused, never
 * replaced by another.
 */
@NullMarked
package dev.otherix.backup.history;

import org.jspecify.annotations.NullMarked;
