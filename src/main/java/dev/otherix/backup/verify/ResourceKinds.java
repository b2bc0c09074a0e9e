package dev.otherix.backup.verify;

import java.util.SequencedMap;
import java.util.TreeMap;

/** How many keys there are of each kind of otherix resource: {@code /otherix/<kind>/...}. */
public final class ResourceKinds {

    private static final String PREFIX = "/otherix/";
    private static final String OTHER = "other";
    private static final int LONGEST_KIND = 64;
    private static final int MOST_KINDS = 100;

    /** How much of a key shows its kind, in bytes. */
    static final int START = PREFIX.length() + LONGEST_KIND + 1;

    private final TreeMap<String, Long> counts = new TreeMap<>();

    /** The kind of a key that begins with this text, or {@code other}. */
    public static String of(String key) {
        var end = key.indexOf('/', PREFIX.length());
        return key.startsWith(PREFIX) && end > PREFIX.length() && end < START
                ? key.substring(PREFIX.length(), end)
                : OTHER;
    }

    /** Counts a key of this kind; beyond a hundred kinds, as {@code other}. */
    public void count(String kind) {
        counts.merge(counts.size() < MOST_KINDS || counts.containsKey(kind) ? kind : OTHER, 1L, Long::sum);
    }

    /** The numbers so far, by kind. */
    public SequencedMap<String, Long> counts() {
        return new TreeMap<>(counts);
    }
}
