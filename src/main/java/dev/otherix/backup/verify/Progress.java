package dev.otherix.backup.verify;

import java.util.function.LongConsumer;

/**
 * How far a verification is, in bytes of the file: one third for the checksum, which another thread computes, one third
 * for the pages, one third for the work after them. Never decreases, and ends at the size of the file.
 */
final class Progress {

    private static final int PARTS = 3;

    private final LongConsumer listener;
    private final long size;
    private volatile long hashed;
    private double walked;
    private double rest;
    private long last;

    Progress(LongConsumer listener, long size) {
        this.listener = listener;
        this.size = size;
    }

    /** This many bytes are in the checksum. Any thread may call it; the reading thread reports it. */
    void hashed(long bytes) {
        hashed = bytes;
    }

    /** This many bytes of entries have been seen; free pages do not count. */
    void walked(long bytes) {
        walked = Math.max(walked, Math.min(bytes, size));
        report();
    }

    /** All pages have been seen. */
    void pagesDone() {
        walked = size;
        report();
    }

    /** The share of the work after the pages that is done, from 0 to 1. */
    void rest(double done) {
        rest = Math.max(rest, Math.min(done, 1) * size);
        report();
    }

    void report() {
        last = Math.max(last, (long) ((hashed + walked + rest) / PARTS));
        listener.accept(last);
    }

    void end() {
        listener.accept(size);
    }
}
