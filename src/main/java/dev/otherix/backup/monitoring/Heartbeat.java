package dev.otherix.backup.monitoring;

import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.BackupStatus;
import dev.otherix.backup.job.RunListener;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.snapshot.Trigger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls a URL after each proven success of the clock's runs, and another after each failure, so that a service
 * elsewhere notices when the calls stop. Has its own thread: no run waits for it, and it fails none. What to call for
 * follows from the directory: a snapshot that is verified, linearizable and, with targets, copied to each of them.
 */
final class Heartbeat implements RunListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final HeartbeatProperties settings;
    private final HeartbeatCall call;
    private final SnapshotDirectory directory;
    private final Set<Target> targets;
    private final StateNotes notes;
    private final MeterRegistry registry;
    private final BooleanSupplier overdue;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("heartbeat").factory());
    private @Nullable SnapshotName done;
    private boolean waits = true;

    /**
     * @param targets where copies go; none if off-site copies are off
     * @param overdue whether a snapshot of the clock has been missing for too long
     */
    Heartbeat(
            HeartbeatProperties settings,
            HeartbeatCall call,
            SnapshotDirectory directory,
            Set<Target> targets,
            StateNotes notes,
            MeterRegistry registry,
            BooleanSupplier overdue) {
        this.settings = settings;
        this.call = call;
        this.directory = directory;
        this.targets = targets;
        this.notes = notes;
        this.registry = registry;
        this.overdue = overdue;
    }

    /** Goes on where an earlier process ended. */
    void start() {
        if (!settings.isOn()) {
            return;
        }
        thread.execute(this::begin);
        var _ = thread.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A snapshot of long ago is no sign that backups run now. */
    private void begin() {
        done = notes.now().heartbeat();
        try {
            if (overdue.getAsBoolean()) {
                unreported().stream().findFirst().map(Snapshot::name).ifPresent(newest -> done = newest);
            }
        } catch (DirectoryFailure unreadable) {
            LOG.debug("the directory cannot be read", unreadable);
        }
        look();
    }

    @Override
    public void ended(BackupRun run) {
        if (!settings.isOn() || run.trigger() == Trigger.REQUEST || BackupStatus.cutShort(run)) {
            return;
        }
        try {
            thread.execute(run.outcome().good() ? this::lookAgain : this::failed);
        } catch (RejectedExecutionException closed) {
            // the service stops; the next start goes on from the directory
        }
    }

    private void failed() {
        settings.afterFailure().ifPresent(url -> call(url, "a run that failed"));
    }

    private void lookAgain() {
        waits = true;
        look();
    }

    private void look() {
        if (!waits) {
            return;
        }
        try {
            var unreported = unreported();
            var proven = unreported.stream().filter(this::isCopied).findFirst();
            proven.ifPresent(this::succeeded);
            // the newer ones may still be on their way to a target
            waits = !unreported.isEmpty()
                    && !proven.filter(unreported.getFirst()::equals).isPresent();
        } catch (DirectoryFailure unreadable) {
            // health and the next run report it; this is tried again
            LOG.debug("the directory cannot be read", unreadable);
        } catch (RuntimeException unforeseen) {
            LOG.error("looking for what the heartbeat reports failed unexpectedly", unforeseen);
        }
    }

    private void succeeded(Snapshot snapshot) {
        settings.afterSuccess().ifPresent(url -> call(url, snapshot.name().toString()));
        done = snapshot.name();
        notes.note(before -> before.with(snapshot.name()));
    }

    /** Newest first. */
    private List<Snapshot> unreported() {
        return directory.list().stream()
                .filter(snapshot -> snapshot.trigger() != Trigger.REQUEST)
                .filter(snapshot -> snapshot.verified() && snapshot.linearizable())
                .filter(snapshot -> done == null || snapshot.name().compareTo(done) > 0)
                .sorted(Comparator.comparing(Snapshot::name).reversed())
                .toList();
    }

    private boolean isCopied(Snapshot snapshot) {
        return targets.stream()
                .allMatch(target -> snapshot.copy(target)
                        .filter(copy -> copy.state() == Copy.State.COPIED)
                        .isPresent());
    }

    private void call(Supplier<URI> url, String after) {
        try {
            var failure = call.of(url);
            counter(registry, failure.isEmpty()).increment();
            failure.ifPresent(why -> LOG.warn(
                    "the heartbeat after {} was not delivered: {}; the next one follows the next run", after, why));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
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
