/**
 * Lines on their way out: the log and the audit log write through a bounded queue, so that a reader who stops, or a
 * disk that hangs, holds up nobody. Lines that find no room are counted.
 */
@NullMarked
package dev.otherix.backup.log;

import org.jspecify.annotations.NullMarked;
