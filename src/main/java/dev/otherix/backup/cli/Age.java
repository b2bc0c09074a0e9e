package dev.otherix.backup.cli;

import java.time.Duration;

/** A time span for a person, in at most two units: the seconds of a day do not matter. */
final class Age {

    private Age() {}

    /** Of a span. One below zero comes of two clocks that differ, and is no time at all. */
    static String of(Duration span) {
        var age = span.isNegative() ? Duration.ZERO : span;
        var days = age.toDays();
        return days > 0
                ? days + "d" + age.toHoursPart() + "h"
                : age.toHours() > 0
                        ? age.toHours() + "h" + age.toMinutesPart() + "m"
                        : age.toMinutes() > 0
                                ? age.toMinutes() + "m" + age.toSecondsPart() + "s"
                                : age.toSeconds() + "s";
    }
}
