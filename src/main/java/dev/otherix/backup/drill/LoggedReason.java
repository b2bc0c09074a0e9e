package dev.otherix.backup.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Lets the log have the reason for skipped drills once, and again once a day while it stays. Figures in it, such as
 * free bytes, may change meanwhile. Safe for use by several threads.
 */
final class LoggedReason {

    private static final Duration AGAIN = Duration.ofDays(1);
    private static final Pattern FIGURES = Pattern.compile("\\d+");

    private String reason = "";
    private Instant at = Instant.MIN;

    /** Whether it is to be logged now; if so, it is taken as logged. */
    synchronized boolean isDue(String now, Instant clock) {
        var unchanging = FIGURES.matcher(now).replaceAll("0");
        if (unchanging.equals(reason) && !clock.isBefore(at) && clock.isBefore(at.plus(AGAIN))) {
            return false;
        }
        reason = unchanging;
        at = clock;
        return true;
    }

    /** A drill had a result. */
    synchronized void forget() {
        reason = "";
    }
}
