package dev.otherix.backup.history;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.snapshot.Mark;
import dev.otherix.backup.snapshot.Marks;
import dev.otherix.backup.snapshot.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The states that a snapshot holds: each from the first to the last revision. Its changes are those above the first.
 *
 * @param file its name, for messages
 * @param first its compact revision, or 1 if it was never compacted
 * @param last its revision
 * @param marks when its revisions were, as far as that is known
 */
public record Span(String file, long first, long last, Marks marks) {

    /** @param compactRevision -1 if it was never compacted */
    static Span of(String file, long compactRevision, long revision, Marks marks) {
        return new Span(file, Math.max(1, compactRevision), revision, marks);
    }

    /** Whether it holds the moment. */
    boolean holds(NamedMoment moment) {
        try {
            state(moment);
            return true;
        } catch (Refused notHeld) {
            return false;
        }
    }

    /**
     * The state at a moment.
     *
     * @throws Refused if it does not hold the moment; both of its ends are in the message
     */
    public State state(NamedMoment moment) {
        return switch (moment) {
            case NamedMoment.Revision(var revision) -> state(moment, new State(revision));
            case NamedMoment.Time time -> state(moment, at(time));
        };
    }

    private State state(NamedMoment moment, State found) {
        if (found.revision() < first || found.revision() > last) {
            throw new Refused(
                    file + " does not hold " + moment + ": it holds " + text(),
                    "Name a moment in between, or " + (found.revision() < first ? "an older" : "a newer")
                            + " snapshot.");
        }
        return found;
    }

    private State at(NamedMoment.Time named) {
        return switch (marks.at(named.time())) {
            case Moment.Found(var mark, var distance) -> new State(mark.revision(), mark, distance);
            case Moment.Gap(var before, var after) -> throw inGap(named, before, after);
            case Moment.Outside(var oldest, var newest) ->
                throw new Refused(
                        file + " does not hold " + named + ": its times are known from " + text(oldest) + " to "
                                + text(newest) + "; it holds " + text(),
                        "Name a moment in between, or "
                                + (named.time().isBefore(oldest.time()) ? "an older" : "a newer") + " snapshot.");
            case Moment.Unknown() ->
                throw new Refused(
                        file + " does not show when its revisions were, so " + named + " cannot be found in it",
                        "Name a revision from " + first + " to " + last
                                + ". The times are in the record beside a snapshot, otherix-<time>.json.");
        };
    }

    private Refused inGap(NamedMoment named, Mark before, Mark after) {
        return new Refused(
                file + " does not show the revision of " + named + ": of the times around it only " + text(before)
                        + " and " + text(after) + " are known, "
                        + GoDuration.format(Duration.between(before.time(), after.time())) + " apart",
                "Name a revision from " + before.revision() + " to " + after.revision()
                        + ". To see the changes in between: otherix-etcd-backup history " + file
                        + " --prefix '' --since "
                        + before.revision() + " --until " + after.revision());
    }

    private static String text(Mark mark) {
        return mark.time() + " (revision " + mark.revision() + ")";
    }

    /** When the store had reached a revision; empty if no mark is as old as that, or none as new. */
    public Optional<Instant> time(long revision) {
        return marks.reached(revision).map(Mark::time);
    }

    /** Both ends with their times. */
    public String text() {
        return "revision " + text(first) + " to " + text(last);
    }

    /** A revision with its time. */
    public String text(long revision) {
        return revision + time(revision).map(time -> " (" + time + ")").orElse(" (time not known)");
    }
}
