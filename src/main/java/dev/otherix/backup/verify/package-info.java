/**
 * Proves from the file alone that it is a good snapshot, shows its rows, and copies it as it was at an earlier
 * revision. Knows what etcd keeps in a file, and nothing of the member that it came from. Gives no file its name.
 */
@NullMarked
package dev.otherix.backup.verify;

import org.jspecify.annotations.NullMarked;
