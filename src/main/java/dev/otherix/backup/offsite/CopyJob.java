package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.NotCopied.Why;
import dev.otherix.backup.offsite.OffsiteStatus.CopyOutcome;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import dev.otherix.backup.task.Turns;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies one snapshot to one target if it has no copy there, and counts and logs how that ended. */
final class CopyJob {

    private static final Logger LOG = LoggerFactory.getLogger(CopyJob.class);

    private final TargetParts parts;
    private final Copying copying;
    private final DirectoryView view;
    private final Turns turns;
    private final Consumer<SnapshotName> doubted;

    /** @param doubted gets a snapshot whose file has to be checked */
    CopyJob(TargetParts parts, Copying copying, DirectoryView view, Turns turns, Consumer<SnapshotName> doubted) {
        this.parts = parts;
        this.copying = copying;
        this.view = view;
        this.turns = turns;
        this.doubted = doubted;
    }

    /**
     * @param requested whether it is copied again if its copy was removed or is missing
     * @throws StoreFailure if the store fails
     * @throws NotCopied if this one cannot be copied
     */
    void copy(SnapshotName name, boolean requested, Progress progress) {
        var snapshots = view.look();
        var snapshot = snapshots.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotCopied(Why.NO_SNAPSHOT, name + " is not there any more, or is not verified"));
        if (isThere(snapshot, requested, progress)) {
            return;
        }
        var folder = parts.folders()
                .of(snapshot, snapshots)
                .orElseThrow(() -> new NotCopied(
                        Why.NO_SNAPSHOT,
                        "it is not known which member " + name + " is of; take a snapshot, and it counts as one of the"
                                + " same member"));
        var first = snapshots.stream().allMatch(one -> one.copy(parts.target()).isEmpty());
        try (var _ = turns.upload()) {
            var copy = copying.copy(snapshot, folder, progress);
            parts.choice().stored().add(folder, snapshot);
            parts.tally().count(CopyOutcome.SUCCESS);
            report(snapshot, copy, first);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw new StoreFailure(StoreFailure.Code.INTERRUPTED, "interrupted", ended);
        } catch (Upload.WrongFile wrong) {
            parts.tally().count(CopyOutcome.FAILURE);
            doubted.accept(name);
            throw new NotCopied(Why.LOCAL_FILE, "its file is not copied: " + wrong.getMessage(), wrong);
        } catch (StoreFailure | NotCopied failure) {
            if (!(failure instanceof StoreFailure store && store.code() == StoreFailure.Code.INTERRUPTED)) {
                parts.tally().count(CopyOutcome.FAILURE);
            }
            throw failure;
        } finally {
            // another program may have removed some
            parts.choice().stored().follow(folder);
            view.renew();
        }
    }

    /** Notes which files beside the copies cannot be sent. */
    void lookAtFiles() {
        copying.lookAtFiles();
    }

    private boolean isThere(Snapshot snapshot, boolean requested, Progress progress) {
        var before = snapshot.copy(parts.target());
        if (before.isEmpty()) {
            return false;
        }
        return !requested
                || switch (before.get().state()) {
                    case COPIED, ARCHIVED, UNKNOWN -> true;
                    case MISSING, CHANGED ->
                        parts.recheck().check(snapshot, progress).state() == Copy.State.COPIED;
                    case REMOVED -> false;
                };
    }

    private void report(Snapshot snapshot, Copy copy, boolean first) {
        LOG.info(
                "{} was copied to {} as {}: {} bytes, read back and equal",
                snapshot.name(),
                parts.store().place(),
                copy.key(),
                copy.sizeBytes());
        if (first && copy.key().endsWith(Folder.ENCRYPTED)) {
            LOG.info(
                    "this was the first copy there. Prove once, on a machine that has an identity of the recipients, that"
                            + " it can be opened: otherix-etcd-backup offsite check --identity IDENTITY {}",
                    String.join(" ", parts.store().words(parts.folders().prefix())));
        }
    }
}
