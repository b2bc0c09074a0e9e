package dev.otherix.backup.snapshot;

import java.time.Duration;

/** Which revision was the state at a time, as {@link Marks} show it. */
public sealed interface Moment {

    /**
     * The state is that of the last mark at or before the time.
     *
     * @param distance from the mark to the time that was asked for
     */
    record Found(Mark mark, Duration distance) implements Moment {}

    /**
     * Not known: the time lies between two marks that differ in revision and are more than {@link Marks#FURTHEST}
     * apart.
     */
    record Gap(Mark before, Mark after) implements Moment {}

    /** Not known: the marks reach from {@code first} to {@code last} only. */
    record Outside(Mark first, Mark last) implements Moment {}

    /** Not known: there is no mark at all. */
    record Unknown() implements Moment {}
}
