package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a snapshot: {@code otherix-<yyyyMMdd'T'HHmmss'Z'>.db}, in UTC. It is the file's name, the name in URLs,
 * records and metrics, and the only door from user input to a path: a text of any other shape is not a name. Names sort
 * by time.
 *
 * @param second the time in the name, whole seconds, from year 0 to 9999
 */
public record SnapshotName(Instant second) implements Comparable<SnapshotName> {

    private static final String PREFIX = "otherix-";
    private static final String SUFFIX = ".db";
    private static final String RECORD_SUFFIX = ".json";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
    private static final Pattern BEGINNING = Pattern.compile("\\.?" + PREFIX + "[0-9]{8}T[0-9]{6}Z\\.");
    private static final int LENGTH = PREFIX.length() + "20260606T031500Z".length() + SUFFIX.length();

    public SnapshotName {
        second = second.truncatedTo(ChronoUnit.SECONDS);
        if (second.isBefore(FIRST) || second.isAfter(LAST)) {
            throw new IllegalArgumentException("no snapshot's name can hold the time " + second);
        }
    }

    /** The name that {@code text} is, or empty for anything else, even a real date in another format. */
    public static Optional<SnapshotName> parse(String text) {
        if (text.length() != LENGTH || !text.startsWith(PREFIX) || !text.endsWith(SUFFIX)) {
            return Optional.empty();
        }
        try {
            var name = new SnapshotName(
                    STAMP.parse(text.substring(PREFIX.length(), LENGTH - SUFFIX.length()), Instant::from));
            return name.toString().equals(text) ? Optional.of(name) : Optional.empty();
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    /**
     * Whether {@code file} begins like the files of a snapshot: the file, its record, and their names when they are set
     * aside.
     */
    static boolean begins(String file) {
        return BEGINNING.matcher(file).lookingAt();
    }

    @JsonCreator
    static SnapshotName of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a snapshot's name: " + text));
    }

    /** The name one second later; there is none after the year 9999. */
    public SnapshotName next() {
        return new SnapshotName(second.plusSeconds(1));
    }

    /** The name of the snapshot whose record has this file name; empty for any other text. */
    public static Optional<SnapshotName> ofRecordFile(String file) {
        return file.endsWith(RECORD_SUFFIX)
                ? parse(file.substring(0, file.length() - RECORD_SUFFIX.length()) + SUFFIX)
                : Optional.empty();
    }

    /** The file name of its record. */
    public String recordFile() {
        return PREFIX + STAMP.format(second) + RECORD_SUFFIX;
    }

    /** Starts with a dot, so that it is never taken for the built-in worker's own temporary file. */
    String temporaryFile() {
        return "." + this + ".tmp";
    }

    String temporaryRecordFile() {
        return "." + recordFile() + ".tmp";
    }

    String damagedRecordFile() {
        return recordFile() + ".damaged";
    }

    String corruptFile() {
        return this + ".corrupt";
    }

    String corruptRecordFile() {
        return recordFile() + ".corrupt";
    }

    String rejectedFile() {
        return this + ".rejected";
    }

    String rejectedRecordFile() {
        return recordFile() + ".rejected";
    }

    @Override
    public int compareTo(SnapshotName other) {
        return second.compareTo(other.second);
    }

    @Override
    @JsonValue
    public String toString() {
        return PREFIX + STAMP.format(second) + SUFFIX;
    }
}
