/**
 * The commands other than the service itself. They run in a separate process, without Spring, so that they start fast,
 * and say by their exit code whether what was asked for is there. Know the service by its HTTP API only, and snapshots
 * by their files: what reads those needs no service.
 */
@NullMarked
package dev.otherix.backup.cli;

import org.jspecify.annotations.NullMarked;
