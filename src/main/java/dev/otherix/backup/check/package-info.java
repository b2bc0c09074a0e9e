/**
 * Checks of snapshot files, in a run and later: what the file itself proves, what the live member says, and the cluster
 * CA.
 *
 * <p>Owns what a check means and when a file is checked again. Takes no snapshot and removes none.
 */
@NullMarked
package dev.otherix.backup.check;

import org.jspecify.annotations.NullMarked;
