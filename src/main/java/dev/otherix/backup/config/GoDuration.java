package dev.otherix.backup.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Durations as Go writes them, because otherix's own configuration does: {@code 6h}, {@code 1h30m}, {@code 1.5h},
 * {@code 300ms}, {@code -1h}, {@code 0}. ISO-8601 ({@code PT6H}) is read too. The grammar is that of Go's
 * {@code time.ParseDuration}, and so is the range: a signed 64-bit count of nanoseconds, about 292 years.
 */
public final class GoDuration {

    private static final Pattern TERM = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)([^\\d.+-]*)");

    private static final Map<String, Long> NANOS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "\u00b5s",
            1_000L,
            "\u03bcs",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L);

    private static final Duration SHOWN_IN_SECONDS = Duration.ofMinutes(2);

    private GoDuration() {}

    /**
     * @throws IllegalArgumentException if the text is not a duration; the message completes a sentence that begins with
     *     the key
     */
    public static Duration parse(String text) {
        var signed = text.startsWith("-") || text.startsWith("+");
        var unsigned = signed ? text.substring(1) : text;
        if (unsigned.startsWith("P") || unsigned.startsWith("p")) {
            return iso(text);
        }
        if (unsigned.equals("0")) {
            return Duration.ZERO;
        }
        var nanos = nanos(unsigned);
        return ofNanos(text.startsWith("-") ? nanos.negate() : nanos);
    }

    /** The shortest usual way to write it: {@code 6h}, {@code 1h30m}, {@code 90s}, {@code 300ms}, {@code 0s}. */
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            return "-" + format(duration.negated());
        }
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.isZero() ? "0s" : belowOneSecond(duration.toNanos());
        }
        var wholeMinutes = duration.toSecondsPart() == 0 && duration.toNanosPart() == 0;
        if (!wholeMinutes && duration.compareTo(SHOWN_IN_SECONDS) < 0) {
            return decimal(duration.toNanos(), 9) + "s";
        }
        var seconds = duration.toSecondsPart() * 1_000_000_000L + duration.toNanosPart();
        return (duration.toHours() == 0 ? "" : duration.toHours() + "h")
                + (duration.toMinutesPart() == 0 ? "" : duration.toMinutesPart() + "m")
                + (wholeMinutes ? "" : decimal(seconds, 9) + "s");
    }

    private static Duration iso(String text) {
        try {
            var duration = Duration.parse(text);
            return ofNanos(BigDecimal.valueOf(duration.getSeconds())
                    .movePointRight(9)
                    .add(BigDecimal.valueOf(duration.getNano())));
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException("is not an ISO-8601 duration", malformed);
        }
    }

    private static BigDecimal nanos(String text) {
        var term = TERM.matcher(text);
        var sum = BigDecimal.ZERO;
        int end = 0;
        while (end < text.length() && term.find(end) && term.start() == end) {
            if (term.group(2).isEmpty()) {
                throw new IllegalArgumentException("is a number without its unit");
            }
            var unit = NANOS.get(term.group(2));
            if (unit == null) {
                throw new IllegalArgumentException(
                        "has the unknown unit '" + term.group(2) + "' (h, m, s, ms, us and ns are known)");
            }
            sum = sum.add(new BigDecimal(term.group(1)).multiply(BigDecimal.valueOf(unit)));
            end = term.end();
        }
        if (end == 0 || end < text.length()) {
            throw new IllegalArgumentException("is not a duration");
        }
        return sum;
    }

    private static Duration ofNanos(BigDecimal nanos) {
        try {
            return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException("is longer than a duration can be (292 years)", overflow);
        }
    }

    private static String belowOneSecond(long nanos) {
        if (nanos >= 1_000_000) {
            return decimal(nanos, 6) + "ms";
        }
        return nanos >= 1_000 ? decimal(nanos, 3) + "us" : nanos + "ns";
    }

    private static String decimal(long value, int places) {
        return BigDecimal.valueOf(value, places).stripTrailingZeros().toPlainString();
    }
}
