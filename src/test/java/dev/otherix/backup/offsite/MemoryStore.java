package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.Protection;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.offsite.store.StoredObject;
import dev.otherix.backup.offsite.store.StoredVersion;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A store that misbehaves on command, which a real one cannot be made to do. Each step can be watched, or fail. */
public final class MemoryStore implements ObjectStore {

    private final Target target;
    private final SortedMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<String, String> uploads = new ConcurrentHashMap<>();
    private final Map<String, ObjectLock> locks = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private volatile Consumer<String> steps = _ -> {};

    public MemoryStore(Target target) {
        this.target = target;
    }

    /** @param steps gets {@code "VERB KEY"} before each step, and may wait or throw */
    public void watch(Consumer<String> steps) {
        this.steps = steps;
    }

    public SortedMap<String, byte[]> objects() {
        return objects;
    }

    /** The keys of the uploads that are open, by their ids. */
    Map<String, String> uploads() {
        return uploads;
    }

    /** The locks of the objects, by their keys. */
    Map<String, ObjectLock> locks() {
        return locks;
    }

    private void step(String verb, String key) {
        steps.accept(verb + " " + key);
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public List<String> words(String prefix) {
        return List.of("--from", place() + "/" + prefix);
    }

    @Override
    public String place() {
        return "memory://" + target.word();
    }

    @Override
    public void probe(String prefix) {
        step("probe", prefix);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> each) {
        step("list", prefix);
        new TreeMap<>(objects)
                .descendingMap().entrySet().stream()
                        .filter(object -> object.getKey().startsWith(prefix))
                        .forEach(object -> each.accept(stored(object.getKey(), object.getValue())));
    }

    private static StoredObject stored(String key, byte[] content) {
        return new StoredObject(key, content.length, null, Instant.EPOCH, false);
    }

    @Override
    public Optional<StoredObject> find(String key, @Nullable String versionId) {
        step("find", key);
        return Optional.ofNullable(objects.get(key)).map(content -> stored(key, content));
    }

    @Override
    public StoredObject put(String key, byte[] content, boolean onlyNew, @Nullable ObjectLock lock) {
        step("put", key);
        if (onlyNew && objects.containsKey(key)) {
            throw new StoreFailure(Code.EXISTS, key + " exists", null);
        }
        objects.put(key, content);
        given(key, lock);
        step("put-answer", key);
        return stored(key, content);
    }

    @Override
    public Upload begin(String key, @Nullable ObjectLock lock, Consumer<String> began) {
        step("begin", key);
        var id = "upload-" + ids.incrementAndGet();
        uploads.put(id, key);
        began.accept(id);
        return new InMemory(key, id, lock);
    }

    @Override
    public void abort(String key, String uploadId) {
        step("abort", key);
        uploads.remove(uploadId);
    }

    @Override
    public InputStream read(String key, @Nullable String versionId, long offset, long length) {
        step("read", key);
        var content = objects.get(key);
        if (content == null) {
            throw new StoreFailure(Code.NO_SUCH_OBJECT, "no " + key, null);
        }
        var from = (int) Math.min(offset, content.length);
        return new ByteArrayInputStream(content, from, (int) Math.min(length, content.length - from));
    }

    private void given(String key, @Nullable ObjectLock lock) {
        if (lock == null) {
            locks.remove(key);
        } else {
            locks.put(key, lock);
        }
    }

    @Override
    public void delete(String key, @Nullable String versionId) {
        step("delete", key);
        if (locks.containsKey(key)) {
            throw new StoreFailure(Code.HELD, key + " is locked", null);
        }
        objects.remove(key);
        step("delete-answer", key);
    }

    @Override
    public void versions(String prefix, Consumer<StoredVersion> each) {
        list(prefix, object -> each.accept(new StoredVersion(object.key(), null, false, object.sizeBytes(), null)));
    }

    @Override
    public Protection protection(String key, @Nullable String versionId) {
        step("protection", key);
        if (!objects.containsKey(key)) {
            throw new StoreFailure(Code.NO_SUCH_OBJECT, "no " + key, null);
        }
        return new Protection(locks.get(key), false);
    }

    @Override
    public void requireLocks() {
        step("locks", place());
    }

    @Override
    public void lock(String key, @Nullable String versionId, ObjectLock lock) {
        step("lock", key);
        given(key, lock);
    }

    @Override
    public void close() {}

    private final class InMemory implements Upload {

        private final String key;
        private final String id;
        private final @Nullable ObjectLock lock;
        private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
        private boolean small;

        InMemory(String key, String id, @Nullable ObjectLock lock) {
            this.key = key;
            this.id = id;
            this.lock = lock;
        }

        @Override
        public void part(byte[] bytes, int length, LongConsumer sent) {
            step("part", key);
            if (small) {
                throw new StoreFailure(Code.REFUSED, "a part before the last one is too small", null);
            }
            small = length < SMALLEST_PART;
            parts.write(bytes, 0, length);
            sent.accept(length);
        }

        @Override
        public StoredObject complete() {
            step("complete", key);
            objects.put(key, parts.toByteArray());
            given(key, lock);
            uploads.remove(id);
            return stored(key, parts.toByteArray());
        }

        @Override
        public void close() {
            if (uploads.containsKey(id)) {
                step("close", key);
                uploads.remove(id);
            }
        }
    }
}
