/**
 * The commands other than the service itself. They run in a separate process, without Spring, so that they start fast,
 * and report success or failure by their exit code. They know the service only by its HTTP API, and snapshots only by
 * their files: commands that read files need no service. Only {@code undo --apply} talks to the member.
 */
@NullMarked
package dev.otherix.backup.cli;

import org.jspecify.annotations.NullMarked;
