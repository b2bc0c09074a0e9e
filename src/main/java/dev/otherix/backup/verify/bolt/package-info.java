/**
 * The file format of bbolt, the database inside every snapshot: reads a file with any content, and reports every place
 * where it does not follow the format. Beside that it writes new files, in the order of their keys. Knows nothing of
 * etcd.
 *
 * <p>Facts of the format are from bbolt 1.3 and 1.4: internal/common/{page,meta,bucket,inode}.go, tx_check.go.
 */
@NullMarked
package dev.otherix.backup.verify.bolt;

import org.jspecify.annotations.NullMarked;
