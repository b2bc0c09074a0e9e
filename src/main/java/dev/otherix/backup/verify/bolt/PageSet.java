package dev.otherix.backup.verify.bolt;

/** A set of pages, with one bit for each page that the file can hold. */
final class PageSet {

    private final long[] words;

    PageSet(long pages) {
        this.words = new long[Math.toIntExact((pages + Long.SIZE - 1) / Long.SIZE)];
    }

    boolean contains(long page) {
        return (words[(int) (page >>> 6)] & 1L << page) != 0;
    }

    /** Adds the page; returns whether it was new. */
    boolean add(long page) {
        var word = (int) (page >>> 6);
        var bit = 1L << page;
        var absent = (words[word] & bit) == 0;
        words[word] |= bit;
        return absent;
    }

    /** Adds pages from {@code first} on, up to the first that is already in it; returns whether none was. */
    boolean addRun(long first, long length) {
        for (var page = first; page < first + length; page++) {
            if (!add(page)) {
                return false;
            }
        }
        return true;
    }
}
