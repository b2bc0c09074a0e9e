package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.Folder.Place;
import dev.otherix.backup.offsite.FoundCopy.BesideIt;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredObject;
import dev.otherix.backup.snapshot.Copy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * What lies in a store. Only keys of the pattern that this program writes count; any other object is passed over.
 *
 * @param copies by cluster and member, the newest of each first
 * @param canaries the keys of each folder's canaries, the newest first
 */
public record StoreContents(List<FoundCopy> copies, Map<Folder, List<String>> canaries) {

    static final int MOST_KEYS = 200_000;

    private static final int AT_ONCE = 8;
    private static final Comparator<Place> ORDER = Comparator.comparing(
                    (Place place) -> place.folder().cluster())
            .thenComparing(place -> place.folder().memberId())
            .thenComparing(Place::name, Comparator.reverseOrder());

    public StoreContents {
        copies = List.copyOf(copies);
        canaries = Map.copyOf(canaries);
    }

    /**
     * Lists a store and reads the records there.
     *
     * @param cluster only copies of this one; empty: of all
     * @throws StoreFailure if the store does not answer, or refuses
     */
    public static StoreContents of(ObjectStore store, String prefix, Optional<String> cluster) {
        var listed = new Listed(prefix, cluster);
        store.list(
                cluster.map(name -> Folder.of(prefix, name)).orElseGet(() -> Folder.root(prefix)),
                object -> listed.add(store, object));
        return new StoreContents(read(store, listed), listed.canaries());
    }

    private record Canary(String key, Instant modifiedAt) {}

    /** The keys that count. */
    private static final class Listed {

        private final String prefix;
        private final Optional<String> cluster;
        private final TreeMap<Place, StoredObject> records = new TreeMap<>(ORDER);
        private final Map<Place, List<StoredObject>> objects = new HashMap<>();
        private final Map<Place, BesideIt> files = new HashMap<>();
        private final Map<Folder, List<Canary>> canaries = new HashMap<>();
        private int keys;

        Listed(String prefix, Optional<String> cluster) {
            this.prefix = prefix;
            this.cluster = cluster;
        }

        void add(ObjectStore store, StoredObject object) {
            var record = Folder.ofRecord(prefix, object.key());
            var copied = Folder.ofObject(prefix, object.key());
            var canary = Folder.ofCanary(prefix, object.key());
            var beside = Folder.ofFiles(prefix, object.key());
            record.ifPresent(place -> records.put(place, object));
            beside.ifPresent(place -> files.put(place, new BesideIt(object.key(), object.sizeBytes())));
            copied.ifPresent(place ->
                    objects.computeIfAbsent(place, _ -> new ArrayList<>()).add(object));
            canary.ifPresent(folder -> canaries.computeIfAbsent(folder, _ -> new ArrayList<>())
                    .add(new Canary(object.key(), object.modifiedAt() == null ? Instant.MIN : object.modifiedAt())));
            if (record.isPresent() || copied.isPresent() || beside.isPresent() || canary.isPresent()) {
                keys++;
            }
            if (keys > MOST_KEYS) {
                throw new StoreFailure(
                        StoreFailure.Code.REFUSED,
                        store.place() + " has more than " + MOST_KEYS + " objects of copies"
                                + cluster.map(name ->
                                                " of the cluster " + name + ". Remove some with the store's own tools")
                                        .orElse(". Name one cluster: --cluster C"),
                        null);
            }
        }

        Map<Folder, List<String>> canaries() {
            var keysOf = new HashMap<Folder, List<String>>();
            canaries.forEach((folder, found) -> keysOf.put(
                    folder,
                    found.stream()
                            .sorted(Comparator.comparing(Canary::modifiedAt).reversed())
                            .map(Canary::key)
                            .toList()));
            return keysOf;
        }
    }

    /** Several at once: each is a question over the network. */
    private static List<FoundCopy> read(ObjectStore store, Listed listed) {
        try (var readers = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().daemon().name("records").factory())) {
            try {
                var asked = listed.records.keySet().stream()
                        .map(place -> (Callable<FoundCopy>) () -> found(store, place, listed))
                        .map(readers::submit)
                        .toList();
                var copies = new ArrayList<FoundCopy>();
                for (var answer : asked) {
                    copies.add(answer.get());
                }
                return copies;
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof StoreFailure failure
                        ? failure
                        : new IllegalStateException("cannot read the records", failed.getCause());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new StoreFailure(
                        StoreFailure.Code.INTERRUPTED, "stopped while reading " + store.place(), stopped);
            } finally {
                readers.shutdownNow();
            }
        }
    }

    private static FoundCopy found(ObjectStore store, Place place, Listed listed) {
        var beside = Optional.ofNullable(listed.files.get(place));
        try {
            return found(place, CopyRecord.read(store, place), listed.objects.getOrDefault(place, List.of()), beside);
        } catch (CopyRefused unusable) {
            return new FoundCopy(
                    place,
                    Optional.empty(),
                    Copy.State.UNKNOWN,
                    Optional.of(String.valueOf(unusable.getMessage())),
                    beside);
        } catch (StoreFailure failure) {
            return switch (failure.code()) {
                // of this one alone: the list was given
                case DENIED, REFUSED, ARCHIVED ->
                    new FoundCopy(
                            place,
                            Optional.empty(),
                            Copy.State.UNKNOWN,
                            Optional.of("the record cannot be read: " + failure.getMessage()),
                            beside);
                default -> throw failure;
            };
        }
    }

    private static FoundCopy found(
            Place place, StoredRecord record, List<StoredObject> objects, Optional<BesideIt> beside) {
        var key = place.folder()
                .object(place.name(), !record.object().recipients().isEmpty());
        var facts = Optional.of(CopyFacts.of(record));
        var object = objects.stream().filter(one -> one.key().equals(key)).findFirst();
        if (object.isEmpty()) {
            return new FoundCopy(place, facts, Copy.State.MISSING, Optional.of("the store has no " + key), beside);
        }
        if (object.get().archived()) {
            return new FoundCopy(place, facts, Copy.State.ARCHIVED, Optional.of("it is in an archive class"), beside);
        }
        var bytes = object.get().sizeBytes();
        return bytes == record.object().sizeBytes()
                ? new FoundCopy(place, facts, Copy.State.COPIED, Optional.empty(), beside)
                : new FoundCopy(
                        place,
                        facts,
                        Copy.State.CHANGED,
                        Optional.of("it has " + bytes + " bytes, and its record says "
                                + record.object().sizeBytes()),
                        beside);
    }
}
