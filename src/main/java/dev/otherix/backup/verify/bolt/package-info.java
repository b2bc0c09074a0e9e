/**
 * The file format of bbolt, the database inside every snapshot: reads a file of any content, and tells every place
 * where it departs from the format. Knows nothing of etcd, writes nothing.
 *
 * <p>Facts of the format are from bbolt 1.3 and 1.4: internal/common/{page,meta,bucket,inode}.go, tx_check.go.
 */
@NullMarked
package dev.otherix.backup.verify.bolt;

import org.jspecify.annotations.NullMarked;
