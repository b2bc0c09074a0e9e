package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Puts together the parts that copy to each target. */
final class Assembly {

    private final OffsiteSettings settings;
    private final SnapshotDirectory directory;
    private final StateNotes notes;
    private final Consumer<SnapshotName> doubted;
    private final TaskList tasks;
    private final Aging aging;
    private final Clock clock;

    /** @param doubted gets a snapshot whose file has to be checked */
    Assembly(
            OffsiteSettings settings,
            SnapshotDirectory directory,
            StateNotes notes,
            Consumer<SnapshotName> doubted,
            TaskList tasks,
            Aging aging,
            Clock clock) {
        this.settings = settings;
        this.directory = directory;
        this.notes = notes;
        this.doubted = doubted;
        this.tasks = tasks;
        this.aging = aging;
        this.clock = clock;
    }

    Offsite of(List<ObjectStore> stores, Turns turns) {
        return of(stores, turns, System::nanoTime, RandomGenerator.getDefault());
    }

    /** @param nanoTime by which failures are tried again */
    Offsite of(List<ObjectStore> stores, Turns turns, LongSupplier nanoTime, RandomGenerator random) {
        var view = new DirectoryView(directory);
        var included = stores.stream()
                .map(store -> new IncludedFiles(settings.common().includedFiles(), store.place()))
                .toList();
        var queues = IntStream.range(0, stores.size())
                .mapToObj(i -> queue(
                        stores.get(i),
                        view,
                        included.get(i),
                        turns,
                        new Trouble(stores.get(i).place(), nanoTime, random),
                        new HeldCopies(stores.get(i).place(), clock, nanoTime)))
                .toList();
        notes.note(before ->
                before.copyingTo(stores.stream().map(ObjectStore::target).toList(), clock.instant()));
        return new Offsite(queues, states(queues), view, directory, () -> remarks(included, queues), tasks, clock);
    }

    private List<TargetStatus> states(List<CopyQueue> queues) {
        return queues.stream()
                .map(queue -> new TargetStatus(
                        queue.parts(),
                        queue.trouble(),
                        aging.interval(),
                        () -> notes.now().copyingSince(queue.target())))
                .toList();
    }

    private CopyQueue queue(
            ObjectStore store,
            DirectoryView view,
            IncludedFiles included,
            Turns turns,
            Trouble trouble,
            HeldCopies held) {
        var limit = settings.common().rateLimit();
        var traffic = new Traffic(new Pace(limit == null ? 0 : limit.toBytes()));
        var sealing = new Sealing(settings.common().who());
        var sight = new StoreSight(store);
        var tally = new Tally();
        var sending =
                new Sending(store, new Upload(store, sealing, notes), traffic, new Locking(store, lock(store), clock));
        var beside = new FilesBeside(included, sending);
        var folders = new Folders(
                String.valueOf(settings.common().prefix()), settings.common().cluster());
        var stored = new StoredCopies(sight);
        var rules = aging.settings().rules(aging.interval());
        var expiry = new Expiry(aging.settings().expiresAfter(), clock);
        var parts = new TargetParts(
                store,
                folders,
                new CopyChoice(rules, store.target(), folders, stored, clock),
                new Recheck(directory, store, traffic, tally, settings.common().checkInterval(), expiry, clock),
                sight,
                traffic,
                tally);
        var copying = new Copying(directory, store, sealing, sending, beside, sight, clock);
        return new CopyQueue(
                parts,
                new CopyJob(parts, copying, view, turns, doubted),
                upkeep(parts, view, trouble, held, expiry),
                view,
                notes,
                directory.calls(),
                trouble);
    }

    /** A directory has none. */
    private LockProperties lock(ObjectStore store) {
        return store.target() == Target.S3 ? settings.lock() : LockProperties.NONE;
    }

    private Upkeep upkeep(TargetParts parts, DirectoryView view, Trouble trouble, HeldCopies held, Expiry expiry) {
        var store = parts.store();
        var removal = new OwnRemoval(
                store,
                new Removal(store, clock),
                directory,
                parts.sight(),
                parts.choice().stored());
        return new Upkeep(
                parts,
                new PruneRound(parts, removal, held, aging.listener()),
                new LostCopies(store.target(), directory, parts.sight(), parts.choice(), expiry),
                new RequestedRemoval(store, directory, view, removal, clock),
                aging.superfluous(),
                trouble,
                clock);
    }

    private List<String> remarks(List<IncludedFiles> included, List<CopyQueue> queues) {
        var one = settings.common()
                        .who()
                        .map(Recipients::keys)
                        .filter(keys -> keys.size() == 1)
                        .isPresent()
                ? Stream.of(
                        "off-site copies have one recipient only: if that identity is lost, no copy can be opened; add a"
                                + " second one to offsite.recipients")
                : Stream.<String>empty();
        return Stream.of(
                        one,
                        included.stream().flatMap(files -> files.remarks().stream()),
                        queues.stream().flatMap(queue -> queue.upkeep().remarks().stream()))
                .flatMap(remarks -> remarks)
                .distinct()
                .toList();
    }
}
