/**
 * Proves the front door of the build, {@code ./mvnw}, and the Debian package that comes out of it. Owns no part of the
 * service.
 */
@NullMarked
package dev.otherix.backup.build;

import org.jspecify.annotations.NullMarked;
