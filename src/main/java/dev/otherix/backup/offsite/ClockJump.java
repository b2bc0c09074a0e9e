package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** Tells a clock that was set ahead from time that has passed: by a gap behind the newest snapshots. */
final class ClockJump {

    /** Nothing takes copies away for so long, unless a clock is set. */
    static final Duration GAP = Duration.ofDays(92);
    /** How long copies have to come after a jump until it counts as time that has passed. */
    private static final Duration SURE = Duration.ofDays(7);

    private ClockJump() {}

    /**
     * Whether time seems to have jumped before {@code newest}.
     *
     * @param before what is there until then, youngest first
     * @param stays what stays for good, and so is old one day without a jump
     * @param passed a time that has surely passed
     */
    static boolean shows(Instant newest, List<Snapshot> before, Predicate<Snapshot> stays, Instant passed) {
        var younger = newest;
        for (var snapshot : before) {
            var at = snapshot.createdAt();
            var end = at.isBefore(passed) ? passed : at;
            if (Duration.between(younger, newest).compareTo(SURE) > 0) {
                return false;
            }
            if (Duration.between(end, younger).compareTo(GAP) <= 0) {
                younger = at;
            } else if (!stays.test(snapshot)) {
                return true;
            }
        }
        return false;
    }
}
