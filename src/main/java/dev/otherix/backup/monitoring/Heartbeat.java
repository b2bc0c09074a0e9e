package dev.otherix.backup.monitoring;

import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.BackupStatus;
import dev.otherix.backup.job.RunListener;
import dev.otherix.backup.job.TickListener;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Trigger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a URL after each proven success of the clock's runs, and another after each failure, so that a service
 * elsewhere notices when the calls stop. A requested snapshot counts when the clock finds no run due because of it, and
 * after a failure. Only a tick of the schedule leads to a call for a success, so a schedule that stands still makes
 * none. Has its own thread: no run waits for it, and it fails none.
 */
final class Heartbeat implements RunListener, TickListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final HeartbeatProperties settings;
    private final HeartbeatCall call;
    private final SignsOfLife signs;
    private final Supplier<BackupStatus> status;
    private final StateNotes notes;
    private final MeterRegistry registry;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("heartbeat").factory());
    private final AtomicBoolean lookWaits = new AtomicBoolean();
    private @Nullable SnapshotName done;
    private @Nullable Instant calledAt;
    private boolean failureCalled;

    /** Goes on where an earlier process ended. */
    Heartbeat(
            HeartbeatProperties settings,
            HeartbeatCall call,
            SignsOfLife signs,
            Supplier<BackupStatus> status,
            StateNotes notes,
            MeterRegistry registry) {
        this.settings = settings;
        this.call = call;
        this.signs = signs;
        this.status = status;
        this.notes = notes;
        this.registry = registry;
        this.done = notes.now().heartbeat();
        this.calledAt = done == null ? null : done.second();
    }

    @Override
    public void ticked() {
        if (settings.isOn() && !lookWaits.getAndSet(true)) {
            execute(this::look);
        }
    }

    @Override
    public void ended(BackupRun run) {
        if (settings.isOn()
                && !run.outcome().good()
                && run.trigger() != Trigger.REQUEST
                && !BackupStatus.cutShort(run)) {
            execute(this::failed);
        }
    }

    private void execute(Runnable what) {
        try {
            thread.execute(what);
        } catch (RejectedExecutionException closed) {
            // the service stops; the next start goes on from the directory
        }
    }

    private void failed() {
        settings.afterFailure().ifPresent(url -> {
            failureCalled = true;
            var _ = isDelivered(url, "a run that failed");
        });
    }

    private void look() {
        lookWaits.set(false);
        try {
            // of a clock that was ahead: no later snapshot would count
            if (done != null && signs.areAllBefore(done)) {
                done = null;
            }
            var requestsCount = failureCalled || signs.intervalHasPassedSince(calledAt);
            signs.after(done)
                    .filter(snapshot -> requestsCount || snapshot.trigger() != Trigger.REQUEST)
                    .findFirst()
                    .filter(_ -> isWell(status.get()))
                    .ifPresent(this::succeeded);
        } catch (DirectoryFailure unreadable) {
            // health and the next run report it; this is tried again
            LOG.debug("the directory cannot be read", unreadable);
        } catch (RuntimeException unforeseen) {
            LOG.error("looking for what the heartbeat reports failed unexpectedly", unforeseen);
        }
    }

    /** Whether backups run now: a copy can be proven long after its run. */
    private static boolean isWell(BackupStatus now) {
        return now.settings().enabled()
                && !now.plan().overdue()
                && now.directory().failure().isEmpty()
                && now.lastAttempt()
                        .filter(run -> run.outcome() != LastRun.Outcome.SUCCESS)
                        .isEmpty();
    }

    private void succeeded(Snapshot snapshot) {
        // if it is not delivered, only a later snapshot or the next start tries again
        done = snapshot.name();
        calledAt = signs.now();
        settings.afterSuccess()
                .filter(url -> isDelivered(url, snapshot.name().toString()))
                .ifPresent(_ -> {
                    failureCalled = false;
                    notes.note(before -> before.with(snapshot.name()));
                });
    }

    private boolean isDelivered(Supplier<URI> url, String after) {
        try {
            var failure = call.of(url);
            counter(registry, failure.isEmpty()).increment();
            failure.ifPresent(why -> LOG.warn(
                    "the heartbeat after {} was not delivered: {}; the next one follows the next run", after, why));
            return failure.isEmpty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Counter counter(MeterRegistry registry, boolean delivered) {
        return Counter.builder(BackupMetrics.PREFIX + "heartbeats")
                .description("Calls of the URLs of the block heartbeat")
                .tags("outcome", delivered ? "success" : "failure")
                .register(registry);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
