package dev.otherix.backup.offsite.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;

/**
 * A promise of a store that one version of an object stays until a time.
 *
 * @param until by the store's clock
 */
public record ObjectLock(Mode mode, Instant until) {

    public ObjectLock {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(until, "until");
    }

    /** Whether this one keeps an object at least as long and as strictly as {@code other}. */
    public boolean covers(ObjectLock other) {
        return mode.compareTo(other.mode) >= 0 && !until.isBefore(other.until);
    }

    /** The lock that covers both. */
    public ObjectLock and(ObjectLock other) {
        return new ObjectLock(
                mode.compareTo(other.mode) >= 0 ? mode : other.mode, until.isBefore(other.until) ? other.until : until);
    }

    @Override
    public String toString() {
        return mode.word() + " until " + until;
    }

    /** How strict it is; the stricter one is the later one. */
    public enum Mode {
        /** Who has a right to bypass it may remove the object; this service never does. */
        @JsonProperty("governance")
        GOVERNANCE,
        /** Nobody may remove it. */
        @JsonProperty("compliance")
        COMPLIANCE;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
