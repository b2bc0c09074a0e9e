/** The main class. All else is in the packages below; README's "Reading the source" draws them. */
@NullMarked
package dev.otherix.backup;

import org.jspecify.annotations.NullMarked;
