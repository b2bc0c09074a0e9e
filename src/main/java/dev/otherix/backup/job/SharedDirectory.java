package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Detects whether otherix-api's built-in worker uses the directory too: each would then remove the other's files. */
final class SharedDirectory {

    private static final Logger LOG = LoggerFactory.getLogger(SharedDirectory.class);

    private final BuiltInWorker builtInWorker;
    private final @Nullable SnapshotDirectory directory;
    private final AtomicBoolean reported = new AtomicBoolean();

    SharedDirectory(BuiltInWorker builtInWorker, @Nullable SnapshotDirectory directory) {
        this.builtInWorker = builtInWorker;
        this.directory = directory;
    }

    /** Why it seems so, as a sentence without its end; empty if nothing points to it. */
    public Optional<String> reason() {
        return builtInWorker
                .reason()
                .or(() ->
                        arrival().map(name -> name + " appeared in the directory, and this service did not write it"));
    }

    /** Logs once that a file appeared that this service did not write. */
    void reportArrival() {
        arrival()
                .filter(_ -> reported.compareAndSet(false, true))
                .ifPresent(name -> LOG.warn(
                        "{} appeared in the directory, and this service did not write it: if otherix-api's own backup worker did, each"
                                + " removes the other's files; set workers.backup.enabled to false in api.yaml",
                        name));
    }

    private Optional<SnapshotName> arrival() {
        return Optional.ofNullable(directory)
                .flatMap(opened -> opened.movements().foreignArrival());
    }
}
