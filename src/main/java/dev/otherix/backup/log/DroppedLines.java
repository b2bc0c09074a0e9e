package dev.otherix.backup.log;

/** Counts the lines of one log that were dropped since the start, because what it writes to took no more. */
@FunctionalInterface
public interface DroppedLines {

    /** How many lines were dropped so far. */
    long count();
}
