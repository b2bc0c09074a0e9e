package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * What the member's revision was at a time. In JSON: {@code ["2026-06-06T03:15:00.120Z", 812]}.
 *
 * @param time when the member's answer was there, in whole milliseconds
 * @param revision the revision in the answer
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"time", "revision"})
public record Mark(Instant time, long revision) {

    public Mark {
        Objects.requireNonNull(time, "time");
        time = time.truncatedTo(ChronoUnit.MILLIS);
        if (revision < 1) {
            throw new IllegalArgumentException("no key space has the revision " + revision);
        }
    }
}
