/**
 * Drills of the service: when which snapshot or off-site copy is tried, by whom it is requested, and what came of it.
 * How a drill works is in {@code restore}.
 */
@NullMarked
package dev.otherix.backup.drill;

import org.jspecify.annotations.NullMarked;
