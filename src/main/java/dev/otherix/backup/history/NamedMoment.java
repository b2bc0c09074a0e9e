package dev.otherix.backup.history;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A moment as a person names it: by its revision, or by its time. It means the state at that moment. */
public sealed interface NamedMoment {

    /** The state after the transaction with this revision. */
    record Revision(long revision) implements NamedMoment {

        @Override
        public String toString() {
            return "revision " + revision;
        }
    }

    /** The state at a time. @param text as it was named */
    record Time(Instant time, String text) implements NamedMoment {

        @Override
        public String toString() {
            return text.equals(time.toString()) ? text : text + " (" + time.truncatedTo(ChronoUnit.SECONDS) + ")";
        }
    }

    /**
     * Takes a revision ({@code 812}), a time as in RFC 3339 with its offset ({@code 2026-06-06T03:15:00Z}), or how long
     * ago it was ({@code 45m}, {@code PT45M}).
     *
     * @throws IllegalArgumentException if the text is neither; the message completes a sentence that begins with it
     */
    static NamedMoment parse(String text, Clock clock) {
        return MomentText.REVISION.matcher(text).matches() ? parseRevision(text) : parseTime(text, clock);
    }

    /**
     * Like {@link #parse}, for a revision only.
     *
     * @throws IllegalArgumentException also for a time
     */
    static Revision parseRevision(String text) {
        if (!MomentText.REVISION.matcher(text).matches()) {
            throw new IllegalArgumentException("is not a revision");
        }
        return MomentText.revision(text);
    }

    /**
     * Like {@link #parse}, for a time only.
     *
     * @throws IllegalArgumentException also for a revision
     */
    static Time parseTime(String text, Clock clock) {
        if (MomentText.REVISION.matcher(text).matches()) {
            throw new IllegalArgumentException("is a revision, not a time");
        }
        return new Time(
                MomentText.DATE.matcher(text).lookingAt() ? MomentText.time(text) : MomentText.ago(text, clock), text);
    }
}
