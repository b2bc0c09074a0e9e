/**
 * The main class, and what Spring needs to hand the settings to everybody. All else is in the packages below.
 */
@NullMarked
package dev.otherix.backup;

import org.jspecify.annotations.NullMarked;
