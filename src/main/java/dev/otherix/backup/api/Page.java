package dev.otherix.backup.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param data at most as many as were asked for
 */
record Page<T>(List<T> data, Meta meta) {

    /** @param nextCursor what to ask with for the rest, null where there is none */
    record Meta(@Nullable String nextCursor) {}
}
