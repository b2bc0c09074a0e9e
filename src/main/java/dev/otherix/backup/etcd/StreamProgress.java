package dev.otherix.backup.etcd;

/** How far a stream has come. Written by the stream, readable by any thread at any time. */
public final class StreamProgress {

    private volatile long bytes;
    private volatile long expectedBytes;

    /** Returns how many bytes of data the sink has taken. */
    public long bytes() {
        return bytes;
    }

    /** Returns how many bytes of data the member has announced; 0 before it has. */
    public long expectedBytes() {
        return expectedBytes;
    }

    void begin(long announcedBytes) {
        bytes = 0;
        expectedBytes = announcedBytes;
    }

    void reached(long dataBytes) {
        bytes = dataBytes;
    }
}
