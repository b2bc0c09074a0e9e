package dev.otherix.backup.check;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import java.time.Duration;

/**
 * The block {@code verification}.
 *
 * @param hashKv whether a run asks the live member for its hash
 * @param againEvery how long after its last check a snapshot that a restore would use is checked again; 0 = never
 */
@Block("verification")
public record VerificationProperties(
        @Default("auto") HashKv hashKv, @Default("24h") Duration againEvery) {

    public VerificationProperties {
        if (againEvery.isNegative()) {
            throw new InvalidSetting(
                    "verification.again_every",
                    GoDuration.format(againEvery),
                    "is below zero",
                    "Write a positive duration such as 24h, or 0 for never.");
        }
    }

    /** Whether the member is asked. Its clients' writes wait while it answers. */
    public enum HashKv {
        /** If it costs little: this member is not the leader, or its database is small. */
        AUTO,
        ALWAYS,
        NEVER
    }
}
