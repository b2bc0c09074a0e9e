/** Proves the front door of the build, {@code ./mvnw}. Owns no part of the service. */
@NullMarked
package dev.otherix.backup.build;

import org.jspecify.annotations.NullMarked;
