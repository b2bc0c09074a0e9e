/** Proof that a file is a good snapshot, from the file alone. Reads only; knows nothing of the member it came from. */
@NullMarked
package dev.otherix.backup.verify;

import org.jspecify.annotations.NullMarked;
