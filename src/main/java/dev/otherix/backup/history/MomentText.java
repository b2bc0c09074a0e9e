package dev.otherix.backup.history;

import dev.otherix.backup.config.GoDuration;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** The forms of a moment's text. */
final class MomentText {

    static final Pattern REVISION = Pattern.compile("[+-]?\\d+");
    static final Pattern DATE = Pattern.compile("\\d{4}-");

    private static final Pattern LOCAL =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d([Tt ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?)?");
    private static final String FORMS =
            "write a revision (812), a time with its offset (2026-06-06T03:15:00Z), or how long ago it was (45m)";

    private MomentText() {}

    static NamedMoment.Revision revision(String text) {
        try {
            var revision = Long.parseLong(text);
            if (revision >= 1) {
                return new NamedMoment.Revision(revision);
            }
        } catch (NumberFormatException tooLarge) {
            throw new IllegalArgumentException("is larger than a revision can be", tooLarge);
        }
        throw new IllegalArgumentException("is no revision: the first one is 1");
    }

    static Instant time(String text) {
        if (LOCAL.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    text.length() > "2026-06-06".length()
                            ? "has no offset: write " + text + "Z for UTC, or for example " + text + "+02:00"
                            : "has no time: write for example " + text + "T03:15:00Z");
        }
        try {
            var upper = text.toUpperCase(Locale.ROOT).replace(' ', 'T');
            return OffsetDateTime.parse(upper, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException("is no time: " + FORMS, malformed);
        }
    }

    static Instant ago(String text, Clock clock) {
        try {
            var ago = GoDuration.parse(text);
            if (ago.isNegative()) {
                throw new IllegalArgumentException("lies in the future: write how long ago it was, without a sign");
            }
            return clock.instant().minus(ago);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(malformed.getMessage() + "; " + FORMS, malformed);
        }
    }
}
