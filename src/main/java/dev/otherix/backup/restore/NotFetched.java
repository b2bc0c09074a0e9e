package dev.otherix.backup.restore;

import org.jspecify.annotations.Nullable;

/** What a drill was to fetch cannot be had now; that says nothing about it. */
public final class NotFetched extends RuntimeException {

    /** @param message why, and what to do; shown as it is, with each path in it */
    public NotFetched(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
