package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.io.InputStream;
import java.util.Objects;

/** A value, read piece by piece from its file, so that a large one needs no memory. */
final class StoredValue extends InputStream {

    private final BoltFile file;
    private final long end;
    private long at;

    StoredValue(BoltFile file, long at, long length) {
        this.file = file;
        this.at = at;
        this.end = at + length;
    }

    @Override
    public int read() {
        return at < end ? Byte.toUnsignedInt(file.i8(at++)) : -1;
    }

    @Override
    public int read(byte[] into, int from, int most) {
        Objects.checkFromIndexSize(from, most, into.length);
        if (at == end) {
            return most == 0 ? 0 : -1;
        }
        var size = (int) Math.min(most, end - at);
        System.arraycopy(file.copy(at, size), 0, into, from, size);
        at += size;
        return size;
    }
}
