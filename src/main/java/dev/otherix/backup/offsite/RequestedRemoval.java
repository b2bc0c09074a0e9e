package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.Removal.By;
import dev.otherix.backup.offsite.Removal.Outcome;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.TaskFailure;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes copies of this member at one target because a person asks for it; on the thread of its queue. */
final class RequestedRemoval {

    private static final Logger LOG = LoggerFactory.getLogger(RequestedRemoval.class);

    private final ObjectStore store;
    private final SnapshotDirectory directory;
    private final DirectoryView view;
    private final OwnRemoval removal;
    private final Clock clock;

    RequestedRemoval(
            ObjectStore store, SnapshotDirectory directory, DirectoryView view, OwnRemoval removal, Clock clock) {
        this.store = store;
        this.directory = directory;
        this.view = view;
        this.removal = removal;
        this.clock = clock;
    }

    /** Removes one, unless its caller has gone. */
    void answer(CompletableFuture<RemovedCopy> answer, SnapshotName name, boolean includeLast) {
        if (!answer.isDone()) {
            answer.complete(remove(name, includeLast));
        }
    }

    /**
     * Removes one, also what an earlier try left of it.
     *
     * @param includeLast whether the newest proven copy and that of a pinned snapshot may go
     */
    private RemovedCopy remove(SnapshotName name, boolean includeLast) {
        try {
            var snapshot = directory.find(name);
            var copy = snapshot.flatMap(this::copy);
            if (copy.isEmpty()) {
                return new RemovedCopy.NoCopy();
            }
            var needed = includeLast ? Optional.<String>empty() : needed(snapshot.get());
            return needed.isPresent() ? new RemovedCopy.Needed(needed.get()) : remove(name, copy.get());
        } catch (StoreFailure failure) {
            return failed(String.valueOf(failure.getMessage()), failure);
        } catch (DirectoryFailure local) {
            return new RemovedCopy.Failed(
                    new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, local.problem(), Map.of(), local));
        } catch (RuntimeException unforeseen) {
            LOG.error("removing the copy of {} in {} failed unexpectedly", name, store.place(), unforeseen);
            return new RemovedCopy.Failed(TaskFailure.unforeseen(unforeseen));
        } finally {
            view.renew();
        }
    }

    private Optional<Copy> copy(Snapshot snapshot) {
        return snapshot.copy(store.target());
    }

    private Optional<String> needed(Snapshot snapshot) {
        if (snapshot.pinned()) {
            return Optional.of("is pinned");
        }
        var proven = view.look().stream()
                .filter(one -> copy(one).filter(TargetStatus::isProven).isPresent())
                .toList();
        return newest(proven)
                .filter(newest -> newest.name().equals(snapshot.name()))
                .map(_ -> "is the newest snapshot with a proven copy in " + store.place());
    }

    /** One that is dated in the future counts only if there is no other. */
    private Optional<Snapshot> newest(List<Snapshot> newestFirst) {
        var now = clock.instant();
        for (var one : newestFirst) {
            if (!one.createdAt().isAfter(now)) {
                return Optional.of(one);
            }
        }
        return newestFirst.stream().findFirst();
    }

    private RemovedCopy remove(SnapshotName name, Copy copy) {
        var place = Folder.ofKey(copy.key())
                .filter(found -> found.name().equals(name))
                .orElseThrow(() -> new IllegalStateException("no key of a copy: " + copy.key()));
        return switch (removal.remove(place, _ -> true)) {
            case Outcome.Held held ->
                held.by() == By.REFUSAL
                        ? failed(
                                held.why() + "; " + held.became()
                                        + ". To remove copies, the credentials need the right to delete objects there",
                                null)
                        : new RemovedCopy.Held(held.why() + "; " + held.became(), held.until());
            case Outcome.Removed(var left) -> {
                LOG.info("the copy {} in {} was removed on request", copy.key(), store.place());
                yield left == null
                        ? done(name)
                        : failed("it is no copy any more, but the store keeps a part: " + left, null);
            }
        };
    }

    private RemovedCopy done(SnapshotName name) {
        return directory.find(name).<RemovedCopy>map(RemovedCopy.Done::new).orElseGet(RemovedCopy.NoCopy::new);
    }

    private RemovedCopy failed(String why, @Nullable Throwable cause) {
        return new RemovedCopy.Failed(new TaskFailure(
                TaskFailure.Code.OFFSITE_FAILED,
                why,
                Map.of("target", store.target().word()),
                cause));
    }
}
