/** The container image, as it is run in production: read-only, without rights, within its memory. */
@NullMarked
package dev.otherix.backup.image;

import org.jspecify.annotations.NullMarked;
