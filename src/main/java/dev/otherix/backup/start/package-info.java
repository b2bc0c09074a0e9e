/**
 * How the process starts: settings become Spring's environment and beans, and an error that stops the start becomes a
 * message with the fix.
 */
@NullMarked
package dev.otherix.backup.start;

import org.jspecify.annotations.NullMarked;
