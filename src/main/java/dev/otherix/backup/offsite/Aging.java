package dev.otherix.backup.offsite;

import java.time.Duration;

/**
 * How copies age.
 *
 * @param interval between two scheduled snapshots
 * @param superfluous gets the snapshots that are not copied
 * @param listener gets the copies that are removed
 */
record Aging(CopyRetentionProperties settings, Duration interval, Superfluous superfluous, PrunedCopies listener) {}
