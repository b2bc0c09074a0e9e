package dev.otherix.backup.offsite;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much lies in folders of a store.
 *
 * @param copies objects with a record
 * @param bytes of these objects
 * @param oldest the time in the name of the oldest
 */
record Holdings(long copies, long bytes, Optional<Instant> oldest) {

    static final Holdings NONE = new Holdings(0, 0, Optional.empty());

    Holdings plus(Holdings more) {
        return new Holdings(
                copies + more.copies,
                bytes + more.bytes,
                Stream.concat(oldest.stream(), more.oldest.stream()).min(Instant::compareTo));
    }
}
