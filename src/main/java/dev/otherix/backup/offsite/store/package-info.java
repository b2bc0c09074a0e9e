/**
 * Places outside this host that keep bytes under keys: a bucket that speaks S3, and a directory on another file system.
 *
 * <p>Knows nothing of snapshots, encryption or records. Nothing that a store says is trusted, and no call waits for
 * ever.
 */
@NullMarked
package dev.otherix.backup.offsite.store;

import org.jspecify.annotations.NullMarked;
