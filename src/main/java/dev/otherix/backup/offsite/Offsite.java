package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.TaskList;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies snapshots off-site: derives from the directory what has no copy yet, and copies it to each target, newest
 * first. Safe for use by several threads; no method waits for a store or for the disk.
 */
public final class Offsite implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Offsite.class);
    /** As long as a run may wait for the disk. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

    private final List<CopyQueue> queues;
    private final List<TargetStatus> states;
    private final DirectoryView view;
    private final SnapshotDirectory directory;
    private final Supplier<List<String>> remarks;
    private final TaskList tasks;
    private final Clock clock;
    private final List<CopyRequest> requests = new ArrayList<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ExecutorService looks = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("offsite-look").factory());

    /** @param remarks is asked at any time, by any thread */
    Offsite(
            List<CopyQueue> queues,
            List<TargetStatus> states,
            DirectoryView view,
            SnapshotDirectory directory,
            Supplier<List<String>> remarks,
            TaskList tasks,
            Clock clock) {
        this.queues = List.copyOf(queues);
        this.states = List.copyOf(states);
        this.view = view;
        this.directory = directory;
        this.remarks = remarks;
        this.tasks = tasks;
        this.clock = clock;
    }

    /** Where copies go. */
    public Set<Target> targets() {
        return queues.stream().map(CopyQueue::target).collect(Collectors.toUnmodifiableSet());
    }

    /** The copies there that nobody needs an identity for, where they are not encrypted. */
    PlainCopies plainCopies() {
        return new PlainCopies(queues.stream().map(CopyQueue::parts).toList());
    }

    /** The state, as last known. */
    public OffsiteStatus status() {
        var snapshots = view.last();
        var now = clock.instant();
        return new OffsiteStatus(
                states.stream().map(state -> state.of(snapshots, now)).toList(), remarks.get());
    }

    /**
     * Requests copies of a snapshot at all targets; each is tried at once, after the work that is under way there. Ends
     * when each target has it, or has failed. A copy that was removed there is made again. Requests for the same
     * snapshot share one task.
     */
    public Task<Snapshot> requestCopy(SnapshotName name) {
        synchronized (requests) {
            requests.removeIf(request -> request.task().state() instanceof Task.Ended<?>);
            for (var request : requests) {
                if (request.name().equals(name)) {
                    return request.task();
                }
            }
            var request = new CopyRequest(name, targets(), () -> directory.find(name), clock);
            requests.add(request);
            tasks.add(request.task());
            queues.forEach(queue -> queue.ask(request));
            return request.task();
        }
    }

    /**
     * Removes the copy of a snapshot at one target, after the work that is under way there; nothing if the caller has
     * completed the answer before its turn comes.
     *
     * @param includeLast whether the newest proven copy and that of a pinned snapshot may go
     * @return empty if copies do not go there
     */
    public Optional<CompletableFuture<RemovedCopy>> removeCopy(SnapshotName name, Target target, boolean includeLast) {
        return queues.stream()
                .filter(queue -> queue.target() == target)
                .findFirst()
                .map(queue -> queue.remove(name, includeLast));
    }

    /** Starts what is due. Called by the clock. */
    void tick() {
        directory
                .calls()
                .waitingFor(LONGEST_CALL)
                .map(call -> DirectoryFailure.hangs(directory.path(), call))
                .ifPresent(hangs -> {
                    var why = new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, hangs.problem(), Map.of(), hangs);
                    queues.forEach(queue -> queue.giveUp(why));
                });
        queues.forEach(CopyQueue::wake);
        if (looking.compareAndSet(false, true)) {
            looks.execute(this::look);
        }
    }

    /** Whether all that was due at the last tick is done. */
    boolean idle() {
        return !looking.get() && queues.stream().allMatch(CopyQueue::idle);
    }

    private void look() {
        try {
            view.renew();
            queues.forEach(queue -> queue.upkeep().choose(view.last()));
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("looking for snapshots without a copy failed unexpectedly", unforeseen);
        } finally {
            looking.set(false);
        }
    }

    /** Ends what is under way, within seconds. All targets end at once. */
    @Override
    public void close() {
        looks.shutdownNow();
        var closing = queues.stream()
                .map(queue -> Thread.ofPlatform().daemon().name("offsite-stop").start(queue::close))
                .toList();
        for (var thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
