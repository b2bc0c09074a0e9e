package dev.otherix.backup.restore;

import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.history.Rewind;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.SystemError;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tries whether a cluster could come back from a snapshot: restores it into a directory of its own, proves what was
 * written, and, where an etcd is named, starts that on it without a port, compares what it serves, and ends it. Touches
 * no cluster and no file but its own.
 *
 * <p>When {@link #run} has returned, nothing is left: no process, no socket, no directory. If this process is killed
 * meanwhile, the next drill with the same scratch directory ends and removes what is left, or {@link #removeLeft}.
 * Memory does not grow with the snapshot.
 *
 * <p>One drill, to be run once; any thread may end it.
 */
public final class Drill {

    private final DrillRun run;
    private final DrillOrder order;
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable Thread runner;
    private @Nullable String endedBy;

    public Drill(SnapshotVerifier verifier, DrillOrder order) {
        this(verifier, order, DrillLimits.DEFAULT, EtcdMemory.here(order.words()));
    }

    /** Gets the progress. */
    public interface Listener extends Rewind.Listener {

        /** The restored data are proven, and an etcd is started with them. */
        default void starting() {}
    }

    /** @param memory judges whether an etcd has enough of it */
    Drill(SnapshotVerifier verifier, DrillOrder order, DrillLimits limits, EtcdMemory memory) {
        this.order = order;
        this.run = new DrillRun(verifier, order, limits, memory);
    }

    /**
     * Ends and removes what a killed drill left in a scratch directory; a drill that runs there is not touched.
     *
     * @return whether there was something
     * @throws Refused if what is there is no drill's; its message has the path
     * @throws IOException if it cannot be removed
     */
    public static boolean removeLeft(Path scratch) throws IOException {
        return Scratch.removeLeft(scratch);
    }

    /**
     * Drills. An interrupt ends it like {@link #end}, and the interrupt flag stays set.
     *
     * @param listener gets the progress
     * @throws IOException if the snapshot is gone, or cannot be opened
     * @throws DirectoryFailure if the record beside it cannot be read
     */
    public DrillOutcome run(Listener listener) throws IOException {
        var began = System.nanoTime();
        try {
            var restored = begun() ? run.run(listener) : null;
            if (restored != null) {
                return new DrillOutcome.Passed(
                        took(began),
                        run.etcdVersion(),
                        restored.revision(),
                        restored.keys().liveKeys(),
                        restored.keys().hashKv(),
                        run.notes());
            }
            return skipped(began, ended());
        } catch (IOException | RuntimeException | InterruptedException failure) {
            return outcome(began, failure);
        } catch (InternalError fault) {
            // what Java throws where a page of a mapped file cannot be read
            return unreadable(began, new IOException("the medium fails, or the file became shorter", fault));
        } finally {
            leave();
        }
    }

    private DrillOutcome outcome(long began, Exception failure) throws IOException {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (isEnded() || Thread.currentThread().isInterrupted()) {
            return skipped(began, ended());
        }
        return switch (failure) {
            case NotDrilled here -> skipped(began, String.valueOf(here.getMessage()));
            case NotFetched there ->
                new DrillOutcome.Skipped(took(began), run.etcdVersion(), String.valueOf(there.getMessage()));
            case DrillFailure wrong -> failed(began, String.valueOf(wrong.getMessage()));
            case Refused refused -> failed(began, refused.getMessage() + ". " + refused.fix());
            case NotWritten disk -> notWritten(began, disk.reason());
            case EtcdFailure etcd -> failed(began, etcd.problem());
            case IOException unreadable -> unreadable(began, unreadable);
            case UncheckedIOException unreadable -> unreadable(began, Objects.requireNonNull(unreadable.getCause()));
            case RuntimeException unforeseen -> throw unforeseen;
            default -> throw new IllegalStateException(failure);
        };
    }

    /** Bytes that the disk does not give back are lost; a file that is gone, or closed to this user, shows nothing. */
    private DrillOutcome unreadable(long began, IOException failure) throws IOException {
        if (!(order.source() instanceof DrillSource.Here(var file))
                || failure instanceof FileSystemException
                || !Files.isRegularFile(file)) {
            throw failure;
        }
        return failed(
                began,
                "the snapshot cannot be read: " + failure.getMessage()
                        + "; check the disk, and take another snapshot: this one may be lost");
    }

    private DrillOutcome notWritten(long began, IOException reason) {
        var place = order.words().scratch();
        if (SystemError.NO_SPACE.is(reason) || SystemError.OVER_QUOTA.is(reason)) {
            return skipped(
                    began,
                    "the disk became full during the drill in " + place + "; "
                            + order.words().moreDisk());
        }
        if (reason instanceof NotRemoved || reason instanceof NotEnded) {
            return skipped(
                    began,
                    "the directory " + Scratch.NAME + ", which a drill left in " + place + ", cannot be removed: "
                            + reason.getMessage());
        }
        var detail = "the drill could not write in " + place + ": " + DirectoryFailure.words(reason)
                + "; check the disk, and the rights of this user";
        return run.restores() ? failed(began, detail) : skipped(began, detail);
    }

    private DrillOutcome skipped(long began, String detail) {
        return new DrillOutcome.Skipped(took(began), run.etcdVersion(), new HiddenPaths(order).in(detail));
    }

    private DrillOutcome failed(long began, String detail) {
        return new DrillOutcome.Failed(took(began), run.etcdVersion(), new HiddenPaths(order).in(detail));
    }

    private static Duration took(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /**
     * Ends it, at once and from any thread: it returns as skipped within a second or two, and by then nothing is left
     * of it. One that has not begun will not.
     *
     * @param by who, to follow "ended by", such as {@code a run}
     */
    public synchronized void end(String by) {
        endedBy = by;
        if (runner != null) {
            runner.interrupt();
        }
    }

    /** Waits until {@link #run} is about to return; returns whether it is. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return over.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized boolean begun() {
        runner = Thread.currentThread();
        return endedBy == null;
    }

    private synchronized boolean isEnded() {
        return endedBy != null;
    }

    private synchronized String ended() {
        return endedBy == null ? "interrupted" : "ended by " + endedBy;
    }

    /** From here on nobody interrupts the thread; an interrupt that only ended this drill is over with it. */
    private synchronized void leave() {
        runner = null;
        if (endedBy != null) {
            var _ = Thread.interrupted();
        }
        over.countDown();
    }
}
