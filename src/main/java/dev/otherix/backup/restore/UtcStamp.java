package dev.otherix.backup.restore;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** A time in a name, such as {@code 20260606T031500Z}. */
final class UtcStamp {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private UtcStamp() {}

    static String of(Instant time) {
        return FORMAT.format(time);
    }
}
