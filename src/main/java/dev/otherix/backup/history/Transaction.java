package dev.otherix.backup.history;

import java.util.SequencedMap;

/**
 * All that one transaction changed.
 *
 * @param puts how many keys it put
 * @param deletes how many keys it deleted
 * @param kinds how many of these keys belong to each kind of otherix resource
 */
public record Transaction(long revision, long puts, long deletes, SequencedMap<String, Long> kinds) {}
