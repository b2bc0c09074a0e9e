/**
 * The file format of bbolt, the database inside every snapshot: reads a file with any content, and reports every place
 * where it does not follow the format. Knows nothing of etcd, writes nothing.
 *
 * <p>Facts of the format are from bbolt 1.3 and 1.4: internal/common/{page,meta,bucket,inode}.go, tx_check.go.
 */
@NullMarked
package dev.otherix.backup.verify.bolt;

import org.jspecify.annotations.NullMarked;
