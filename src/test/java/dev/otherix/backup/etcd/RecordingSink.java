package dev.otherix.backup.etcd;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is given. */
class RecordingSink implements SnapshotSink {

    final List<Long> begun = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void begin(long fileBytes) {
        begun.add(fileBytes);
    }

    @Override
    public void write(ByteBuffer part) {
        var copy = new byte[part.remaining()];
        part.get(copy);
        bytes.writeBytes(copy);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
