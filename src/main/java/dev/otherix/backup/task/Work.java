package dev.otherix.backup.task;

/** A piece of work on a {@link Lane}. It reports its own end to its callers. */
public interface Work {

    /** Does the work. Called once, on the lane's thread, which may be interrupted when the lane closes. */
    void perform();

    /** Asks it to end early, while it is running. */
    void cancel();

    /** Reports to its callers that it will not start, because the lane has closed. */
    void refuse();

    /**
     * Reports to its callers that it has failed, although its thread, if started, has not returned. Later results of
     * that thread are ignored.
     */
    void giveUp(TaskFailure why);

    /** Reports to its callers that it will not start, because the work before it was given up. */
    default void turnAway(TaskFailure why) {
        giveUp(why);
    }
}
