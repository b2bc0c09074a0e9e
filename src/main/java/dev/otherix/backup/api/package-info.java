/**
 * The HTTP API.
 */
@NullMarked
package dev.otherix.backup.api;

import org.jspecify.annotations.NullMarked;
