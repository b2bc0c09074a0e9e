package dev.otherix.backup.history;

import dev.otherix.backup.verify.ResourceKinds;
import dev.otherix.backup.verify.RowCursor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A key, in etcd's order: by its bytes, unsigned. */
public final class Key implements Comparable<Key> {

    /** In bytes. No key of otherix is nearly as long, and longer ones would not fit into memory. */
    public static final int LONGEST = 1 << 20;

    private final byte[] bytes;

    private Key(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Key of(String text) {
        return new Key(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Key of(byte[] bytes) {
        return new Key(bytes);
    }

    /**
     * The key of a row.
     *
     * @throws Refused if it is longer than {@link #LONGEST}
     */
    public static Key of(RowCursor row) {
        if (row.keyLength() > LONGEST) {
            throw new Refused(
                    "the key of a row of revision " + row.revision() + " has " + row.keyLength()
                            + " bytes, more than the " + LONGEST + " that are shown",
                    "No key of otherix is as long. Narrow the question: --prefix, or other revisions.");
        }
        return new Key(row.key());
    }

    /** Whether it is the key of the row. */
    public boolean isOf(RowCursor row) {
        return row.isOf(bytes);
    }

    /** Whether the key of the row begins with it. */
    public boolean begins(RowCursor row) {
        return row.startsWith(bytes);
    }

    /** As text; empty if it is not UTF-8. */
    public Optional<String> text() {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    /** As text, with a replacement for what is not UTF-8. */
    public String shown() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The kind of otherix resource that it belongs to, or {@code other}. */
    public String kind() {
        return ResourceKinds.of(shown());
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    int length() {
        return bytes.length;
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return shown();
    }
}
