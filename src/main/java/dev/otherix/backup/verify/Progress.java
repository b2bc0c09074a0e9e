package dev.otherix.backup.verify;

import java.util.function.LongConsumer;

/**
 * How far a verification is, in bytes of the file: a third of it for the checksum, which another thread makes, a third
 * for the pages, a third for what comes after them. Never falls, and ends at the size of the file.
 */
final class Progress {

    private static final int PARTS = 3;

    private final LongConsumer told;
    private final long size;
    private volatile long hashed;
    private double walked;
    private double rest;
    private long last;

    Progress(LongConsumer told, long size) {
        this.told = told;
        this.size = size;
    }

    /** So many bytes are in the checksum; from any thread, told by the walking one. */
    void hashed(long bytes) {
        hashed = bytes;
    }

    /** So many bytes of entries have been seen; free pages are none of them. */
    void walked(long bytes) {
        walked = Math.max(walked, Math.min(bytes, size));
        tell();
    }

    /** All pages have been seen. */
    void pagesDone() {
        walked = size;
        tell();
    }

    /** How much of what comes after the pages is done, of 1. */
    void rest(double done) {
        rest = Math.max(rest, Math.min(done, 1) * size);
        tell();
    }

    void tell() {
        last = Math.max(last, (long) ((hashed + walked + rest) / PARTS));
        told.accept(last);
    }

    void end() {
        told.accept(size);
    }
}
