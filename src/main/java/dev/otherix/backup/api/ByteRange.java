package dev.otherix.backup.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpRange;

/**
 * The part of a file to send.
 *
 * @param first its first byte, from 0
 * @param last its last byte, below the file's size; one below {@code first} if the file is empty
 * @param asked whether a range was requested, even for the whole file
 */
record ByteRange(long first, long last, boolean asked) {

    /**
     * The part that a {@code Range} header requests of a file of {@code size} bytes. Several ranges, or an invalid
     * header, mean the whole file, as RFC 9110 (14.2) allows. @return null if no byte of the range exists
     */
    static @Nullable ByteRange of(@Nullable String header, long size) {
        var ranges = parse(header);
        if (ranges.size() != 1) {
            return new ByteRange(0, size - 1, false);
        }
        try {
            var first = ranges.getFirst().getRangeStart(size);
            return first < size ? new ByteRange(first, ranges.getFirst().getRangeEnd(size), true) : null;
        } catch (IllegalArgumentException noSuchByte) {
            return null;
        }
    }

    long length() {
        return last - first + 1;
    }

    private static List<HttpRange> parse(@Nullable String header) {
        try {
            return HttpRange.parseRanges(header);
        } catch (IllegalArgumentException notUnderstood) {
            return List.of();
        }
    }
}
