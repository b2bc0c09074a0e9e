package dev.otherix.backup.history;

import java.util.Optional;

/** Goes from one thing to the next, each read when it is requested. */
@FunctionalInterface
public interface Walk<T> {

    /**
     * The next one; empty behind the last one.
     *
     * @throws Refused if it cannot be shown
     */
    Optional<T> next();
}
