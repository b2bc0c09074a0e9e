package dev.otherix.backup.verify.bolt;

/** A row that waits for its page to be written. */
sealed interface Element {

    int keyLength();

    long valueLength();

    /** The flags of its element on the page. */
    int flags();

    /** A copy of its key. */
    byte[] key();

    void writeTo(PageOutput output);

    /** One that stands in another file, at this offset. */
    record Stored(BoltFile file, long at, int keyLength, long valueLength) implements Element {

        @Override
        public int flags() {
            return 0;
        }

        @Override
        public byte[] key() {
            return file.copy(at, keyLength);
        }

        @Override
        public void writeTo(PageOutput output) {
            output.copy(file, at, keyLength + valueLength);
        }
    }

    /** One in memory. */
    record Given(byte[] key, byte[] value, int flags) implements Element {

        @Override
        public int keyLength() {
            return key.length;
        }

        @Override
        public long valueLength() {
            return value.length;
        }

        @Override
        public void writeTo(PageOutput output) {
            output.put(key);
            output.put(value);
        }
    }
}
