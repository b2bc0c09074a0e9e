package dev.otherix.backup.history;

import java.util.Arrays;

/** A key that is sorted, with a note of a few bytes, which decides among entries of one key. */
final class SortedEntry implements Comparable<SortedEntry> {

    /** What an entry takes in memory beside its bytes, at most. */
    private static final int OVERHEAD = 96;

    private final Key key;
    private final byte[] note;

    SortedEntry(Key key, byte[] note) {
        this.key = key;
        this.note = note;
    }

    Key key() {
        return key;
    }

    byte[] note() {
        return note;
    }

    /** About how much memory it takes, in bytes. */
    int weight() {
        return OVERHEAD + key.length() + note.length;
    }

    @Override
    public int compareTo(SortedEntry other) {
        var byKey = key.compareTo(other.key);
        return byKey == 0 ? Arrays.compareUnsigned(note, other.note) : byKey;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SortedEntry entry && compareTo(entry) == 0;
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}
