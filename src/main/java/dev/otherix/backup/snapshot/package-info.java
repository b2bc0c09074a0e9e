/**
 * The domain: what a snapshot is called, what is recorded about it, the directory that holds it, and which ones are
 * kept.
 *
 * <p>Owns every byte on disk. Knows nothing of etcd, HTTP, metrics or Spring: the JDK, and Jackson for the records'
 * JSON.
 */
@NullMarked
package dev.otherix.backup.snapshot;

import org.jspecify.annotations.NullMarked;
