package dev.otherix.backup.offsite;

import java.time.Instant;

/**
 * A file that travels beside a copy. What is in it is a secret.
 *
 * @param name its path without the first slash
 * @param content at most {@link #MOST_BYTES}
 */
public record IncludedFile(String name, byte[] content, Instant modifiedAt) {

    /** The largest file that travels. */
    static final int MOST_BYTES = 1 << 20;

    @Override
    public String toString() {
        return name + ", " + content.length + " bytes";
    }
}
