/** The main class. Everything else is in the packages below; README's "Reading the source" shows them. */
@NullMarked
package dev.otherix.backup;

import org.jspecify.annotations.NullMarked;
