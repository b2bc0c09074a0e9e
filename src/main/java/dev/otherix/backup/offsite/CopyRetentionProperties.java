package dev.otherix.backup.offsite;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code offsite.retention}: which copies are kept at each target. 0 turns a rule off.
 *
 * @param last how many of the newest copies are kept
 * @param within for how long every copy is kept; null or 0 = off
 * @param hourly of how many hours the newest copy is kept
 * @param daily the same of days
 * @param weekly the same of weeks, from Monday on
 * @param monthly the same of months
 * @param prune whether this service removes what the rules do not keep
 * @param expiresAfter how old a copy is when the store removes it; null if the store removes none
 */
@Block("offsite.retention")
public record CopyRetentionProperties(
        @Default("7") int last,
        @Default("off") @Nullable Duration within,
        @Default("0") int hourly,
        @Default("7") int daily,
        @Default("5") int weekly,
        @Default("12") int monthly,
        @Default("true") boolean prune,
        @Nullable Duration expiresAfter) {

    /** What the age of copies counts as the time between two of them, at least. */
    private static final Duration SHORTEST_GAP = Duration.ofHours(1);

    public CopyRetentionProperties {
        var counts = new TreeMap<>(Map.of("last", last, "hourly", hourly, "daily", daily));
        counts.putAll(Map.of("weekly", weekly, "monthly", monthly));
        counts.forEach(CopyRetentionProperties::requireCount);
        if (within != null && within.isNegative()) {
            throw new InvalidSetting(
                    "offsite.retention.within",
                    GoDuration.format(within),
                    "is below zero",
                    "Write for how long every copy is kept, such as 720h, or off.");
        }
        if (expiresAfter != null && !expiresAfter.isPositive()) {
            throw new InvalidSetting(
                    "offsite.retention.expires_after",
                    GoDuration.format(expiresAfter),
                    "is not above zero",
                    "Write after how long the store removes an object, such as 2160h, or remove the key.");
        }
        if (prune && expiresAfter != null) {
            throw new InvalidSetting(
                    "offsite.retention.expires_after",
                    GoDuration.format(expiresAfter),
                    "is set, but offsite.retention.prune is true: this service removes copies, not the store",
                    "Set offsite.retention.prune to false if a rule of the store removes them, or remove this key.");
        }
        var all = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (prune && all == 0 && (within == null || within.isZero())) {
            throw new InvalidSetting(
                    "offsite.retention.prune",
                    "true",
                    "would remove all copies but the newest: last, within, hourly, daily, weekly and monthly are all off",
                    "Set one of them, for example offsite.retention.daily to 7. To remove nothing, set"
                            + " offsite.retention.prune to false.");
        }
    }

    private static void requireCount(String rule, int count) {
        if (count < 0) {
            throw new InvalidSetting(
                    "offsite.retention." + rule,
                    count,
                    "is below zero",
                    "Write how many copies this rule keeps, or 0 to turn it off.");
        }
    }

    /**
     * The rules by which copies are removed; empty if this service removes none.
     *
     * @param interval between two scheduled snapshots
     */
    Optional<CopyRetention> rules(Duration interval) {
        return prune
                ? Optional.of(new CopyRetention(
                        last,
                        within == null ? Duration.ZERO : within,
                        hourly,
                        daily,
                        weekly,
                        monthly,
                        interval.compareTo(SHORTEST_GAP) < 0 ? SHORTEST_GAP : interval))
                : Optional.empty();
    }
}
