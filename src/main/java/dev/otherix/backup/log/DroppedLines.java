package dev.otherix.backup.log;

/** Counts the lines of one log that were dropped since the start because its output was blocked. */
@FunctionalInterface
public interface DroppedLines {

    /** The number of dropped lines. */
    long count();
}
