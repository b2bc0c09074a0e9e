package dev.otherix.backup.verify;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A version of etcd or of its storage. Major and minor are its line: every etcd of a line reads the data of that line,
 * whatever its patch.
 */
public record EtcdVersion(long major, long minor, long patch) {

    /** The newest line that this program knows. */
    public static final EtcdVersion NEWEST = new EtcdVersion(3, 7, 0);

    static final EtcdVersion V3_5 = new EtcdVersion(3, 5, 0);
    static final EtcdVersion V3_6 = new EtcdVersion(3, 6, 0);

    private static final Comparator<EtcdVersion> BY_LINE =
            Comparator.comparingLong(EtcdVersion::major).thenComparingLong(EtcdVersion::minor);
    private static final Pattern TEXT =
            Pattern.compile("(\\d{1,18})\\.(\\d{1,18})\\.(\\d{1,18})(-[0-9A-Za-z.-]*)?(\\+[0-9A-Za-z.-]*)?");

    /** Reads three numbers, and what may follow them; empty for any other text. */
    public static Optional<EtcdVersion> parse(String text) {
        var match = TEXT.matcher(text);
        return match.matches()
                ? Optional.of(new EtcdVersion(
                        Long.parseLong(match.group(1)), Long.parseLong(match.group(2)), Long.parseLong(match.group(3))))
                : Optional.empty();
    }

    /** The later of two lines. */
    static EtcdVersion later(EtcdVersion one, EtcdVersion other) {
        return one.newerThan(other) ? one : other;
    }

    /** Whether its line comes after that of {@code other}. */
    public boolean newerThan(EtcdVersion other) {
        return BY_LINE.compare(this, other) > 0;
    }

    /** Major and minor, such as {@code 3.6}. */
    public String line() {
        return major + "." + minor;
    }

    @Override
    public String toString() {
        return line() + "." + patch;
    }
}
