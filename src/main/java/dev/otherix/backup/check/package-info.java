/**
 * Checks of snapshot files, in a run and later: the file itself, the live member's hash, and the cluster CA.
 *
 * <p>Defines what a check means and when a file is checked again. Takes no snapshot and removes none.
 */
@NullMarked
package dev.otherix.backup.check;

import org.jspecify.annotations.NullMarked;
