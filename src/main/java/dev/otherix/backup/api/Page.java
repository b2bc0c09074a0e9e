package dev.otherix.backup.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param data at most as many as requested
 */
record Page<T>(List<T> data, Meta meta) {

    /** @param nextCursor the cursor for the rest, null if there is none */
    record Meta(@Nullable String nextCursor) {}
}
