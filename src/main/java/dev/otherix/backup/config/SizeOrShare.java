package dev.otherix.backup.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * An amount of space: bytes, or a percentage of the whole. @param size null if it is a percentage
 *
 * @param percent from 0 to below 100; null if it is a size
 */
public record SizeOrShare(@Nullable DataSize size, @Nullable BigDecimal percent) {

    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?) ?%");
    private static final BigDecimal ALL = BigDecimal.valueOf(100);

    /**
     * Reads {@code 512MB} or {@code 5%}.
     *
     * @throws IllegalArgumentException if the text is neither; the message completes a sentence that begins with the
     *     key
     */
    public static SizeOrShare parse(String text) {
        var percent = PERCENT.matcher(text);
        if (!percent.matches()) {
            return new SizeOrShare(size(text), null);
        }
        var share = new BigDecimal(percent.group(1));
        if (share.compareTo(ALL) >= 0) {
            throw new IllegalArgumentException("is not below 100%");
        }
        return new SizeOrShare(null, share);
    }

    private static DataSize size(String text) {
        try {
            return DataSize.parse(text);
        } catch (IllegalArgumentException | ArithmeticException neither) {
            throw new IllegalArgumentException("is neither a size nor a percentage", neither);
        }
    }

    /** Its size in bytes, if the whole has {@code bytes}. */
    public long of(long bytes) {
        return size != null
                ? size.toBytes()
                : BigDecimal.valueOf(bytes)
                        .multiply(percent)
                        .divide(ALL, RoundingMode.DOWN)
                        .longValue();
    }

    /** As in the configuration. */
    @Override
    public String toString() {
        return percent == null ? String.valueOf(size) : percent.toPlainString() + "%";
    }
}
