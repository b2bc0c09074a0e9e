package dev.otherix.backup.job;

/** Is called each second after the schedule has looked for a due run, so that it stops if the schedule does. */
@FunctionalInterface
public interface TickListener {

    /** Returns at once. */
    void ticked();
}
