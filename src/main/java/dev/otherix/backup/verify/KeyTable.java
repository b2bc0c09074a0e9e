package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;

/**
 * A set of keys by their fingerprints of 96 bits, in an open-addressing table of 12 bytes a slot. Among 20 million keys
 * two share a fingerprint with a chance below one in 10^14; the seeds are random, so nobody can construct keys that do.
 */
final class KeyTable {

    private static final long ODD_A = 0x9E3779B97F4A7C15L;
    private static final long ODD_B = 0xD6E8FEB86659FD93L;

    private final MemorySegment high;
    private final MemorySegment low;
    private final int slots;
    private final int most;
    private final long seedA;
    private final long seedB;
    private int size;
    private long fingerprint;
    private int rest;
    private int slot;

    /** @param keys how many it must hold */
    KeyTable(Arena arena, int keys) {
        this.slots = Integer.highestOneBit(Math.max(4, keys + keys / 4)) << 1;
        this.most = slots / 5 * 4;
        this.high = arena.allocate((long) slots * Long.BYTES, Long.BYTES);
        this.low = arena.allocate((long) slots * Integer.BYTES, Integer.BYTES);
        var random = new SecureRandom();
        this.seedA = random.nextLong();
        this.seedB = random.nextLong();
    }

    void clear() {
        if (size > 0) {
            high.fill((byte) 0);
            size = 0;
        }
    }

    /** Sets the key that the next calls are about. */
    void lookUp(BoltFile file, long at, long length) {
        var a = seedA ^ length;
        var b = seedB + length;
        long i = 0;
        for (; i <= length - Long.BYTES; i += Long.BYTES) {
            var word = file.u64(at + i);
            a = fold(a ^ word, ODD_A ^ seedB);
            b = fold(b ^ word, ODD_B ^ seedA);
        }
        long tail = 0;
        for (; i < length; i++) {
            tail = tail << 8 | Byte.toUnsignedLong(file.i8(at + i));
        }
        a = fold(a ^ tail, ODD_A);
        b = fold(b ^ tail, ODD_B);
        fingerprint = fold(a ^ ODD_B, b ^ ODD_A) | 1;
        rest = (int) fold(b ^ ODD_A, ODD_B);
        slot = (int) (fingerprint >>> 1) & (slots - 1);
    }

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    /** The first 64 bits of the key's fingerprint. */
    long fingerprint() {
        return fingerprint;
    }

    /** Whether it contains the key. */
    boolean contains() {
        for (long there; (there = high.getAtIndex(ValueLayout.JAVA_LONG, slot)) != 0; slot = slot + 1 & slots - 1) {
            if (there == fingerprint && low.getAtIndex(ValueLayout.JAVA_INT, slot) == rest) {
                return true;
            }
        }
        return false;
    }

    /** Adds the key, for which {@link #contains} has just returned false; returns false if there is no room. */
    boolean add() {
        if (size == most) {
            return false;
        }
        high.setAtIndex(ValueLayout.JAVA_LONG, slot, fingerprint);
        low.setAtIndex(ValueLayout.JAVA_INT, slot, rest);
        size++;
        return true;
    }
}
