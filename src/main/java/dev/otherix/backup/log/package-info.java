/**
 * The log and the audit log write through a bounded queue, so that a reader that stops, or a disk that hangs, blocks no
 * thread. Lines that do not fit are dropped and counted.
 */
@NullMarked
package dev.otherix.backup.log;

import org.jspecify.annotations.NullMarked;
