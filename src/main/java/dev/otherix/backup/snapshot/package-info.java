/**
 * The domain: the names and records of snapshots, their directory, and which ones are kept.
 *
 * <p>Owns every byte on disk. Knows nothing of etcd, HTTP, metrics or Spring: the JDK, and Jackson for the records'
 * JSON.
 */
@NullMarked
package dev.otherix.backup.snapshot;

import org.jspecify.annotations.NullMarked;
