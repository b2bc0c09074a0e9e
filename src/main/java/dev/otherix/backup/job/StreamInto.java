package dev.otherix.backup.job;

import dev.otherix.backup.etcd.SnapshotSink;
import dev.otherix.backup.snapshot.PendingSnapshot;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes what the member sends into a snapshot, and shows how far it is. */
final class StreamInto implements SnapshotSink {

    private final PendingSnapshot pending;
    private final RunProgress progress;
    private final Clock clock;
    private volatile @Nullable Instant began;

    StreamInto(PendingSnapshot pending, RunProgress progress, Clock clock) {
        this.pending = pending;
        this.progress = progress;
        this.clock = clock;
    }

    /** When the first bytes were there; the member's revision was that of the file, or a later one. */
    Instant began() {
        return Objects.requireNonNull(began, "no byte was sent");
    }

    @Override
    public void begin(long fileBytes) {
        began = clock.instant();
        progress.shown().expect(fileBytes);
        pending.expect(fileBytes);
    }

    @Override
    public void write(ByteBuffer bytes) {
        pending.write(bytes);
        progress.shown().reached(pending.written());
    }
}
