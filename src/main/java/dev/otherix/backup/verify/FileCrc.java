package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** CRC-32C over pieces of a file of any size. Both of etcd's hashes use it. */
final class FileCrc {

    private final CRC32C crc = new CRC32C();
    private final BoltFile file;

    FileCrc(BoltFile file) {
        this.file = file;
    }

    void add(String text) {
        crc.update(text.getBytes(StandardCharsets.UTF_8));
    }

    void add(long from, long length) {
        file.sum(crc, from, length);
    }

    /** Unsigned 32 bits. */
    long value() {
        return crc.getValue();
    }
}
