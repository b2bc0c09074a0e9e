package dev.otherix.backup.cli;

import java.time.Duration;

/** A time span for a person, in at most two units: the seconds of a day do not matter. */
final class Age {

    private Age() {}

    /** Of a span that is not below zero. */
    static String of(Duration age) {
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
