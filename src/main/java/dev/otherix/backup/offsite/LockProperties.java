package dev.otherix.backup.offsite;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.offsite.store.ObjectLock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code offsite.lock}: for how long the bucket keeps each copy from being deleted. Both or none are set.
 *
 * @param mode null: copies are not locked
 * @param days for how long, from the moment of the copy
 */
@Block("offsite.lock")
public record LockProperties(
        ObjectLock.@Nullable Mode mode, @Nullable Integer days) {

    /** No lock. */
    static final LockProperties NONE = new LockProperties(null, null);

    private static final int MOST_DAYS = 3650;

    public LockProperties {
        if (mode != null && days == null) {
            throw new InvalidSetting(
                    "offsite.lock.mode",
                    mode.word(),
                    "is set without offsite.lock.days, and a lock needs an end",
                    "Set offsite.lock.days to how long nobody shall be able to delete a copy, for example 30.");
        }
        if (days != null && mode == null) {
            throw new InvalidSetting(
                    "offsite.lock.days",
                    days,
                    "is set without offsite.lock.mode",
                    "Set offsite.lock.mode to governance (a right in the store can still end a lock) or compliance"
                            + " (nothing can), or remove it.");
        }
        if (days != null && (days < 1 || days > MOST_DAYS)) {
            throw new InvalidSetting(
                    "offsite.lock.days",
                    days,
                    "is not between 1 and " + MOST_DAYS,
                    "Write a number of days, for example 30.");
        }
    }

    /** The lock of a copy that was made at {@code made}; null if copies are not locked. */
    @Nullable
    ObjectLock from(Instant made) {
        return mode == null || days == null
                ? null
                : new ObjectLock(mode, made.truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(days)));
    }

    /**
     * Holds the rule that counts only where copies are made.
     *
     * @param bucket whether they go to a bucket
     * @param directory whether they go to a directory
     */
    public void requireFor(boolean bucket, boolean directory) {
        if (mode != null && directory && !bucket) {
            throw new InvalidSetting(
                    "offsite.lock.mode",
                    mode.word(),
                    "is set, but copies go to offsite.filesystem.path alone, and a directory has no object lock",
                    "Set offsite.s3.bucket to a bucket with object lock, or remove offsite.lock.");
        }
    }
}
