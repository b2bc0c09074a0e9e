/** Proves from the file alone that it is a good snapshot. Reads only; knows nothing of the member that it came from. */
@NullMarked
package dev.otherix.backup.verify;

import org.jspecify.annotations.NullMarked;
