package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.Protection;
import dev.otherix.backup.offsite.store.StoredObject;
import dev.otherix.backup.offsite.store.StoredVersion;
import dev.otherix.backup.snapshot.Target;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A real store, each of whose steps can be watched, or fail: before it is done, or after, as if the answer was lost.
 */
final class WatchedStore implements ObjectStore {

    private final ObjectStore store;
    private volatile Consumer<String> steps = _ -> {};

    WatchedStore(ObjectStore store) {
        this.store = store;
    }

    /** @param steps gets {@code "VERB KEY"} before each step and {@code "VERB-answer KEY"} after it, and may throw */
    void watch(Consumer<String> steps) {
        this.steps = steps;
    }

    private <T> T step(String verb, String key, Supplier<T> step) {
        steps.accept(verb + " " + key);
        var answer = step.get();
        steps.accept(verb + "-answer " + key);
        return answer;
    }

    private void step(String verb, String key, Runnable step) {
        step(verb, key, () -> {
            step.run();
            return key;
        });
    }

    @Override
    public Target target() {
        return store.target();
    }

    @Override
    public String place() {
        return store.place();
    }

    @Override
    public List<String> words(String prefix) {
        return store.words(prefix);
    }

    @Override
    public void probe(String prefix) {
        step("probe", prefix, () -> store.probe(prefix));
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> each) {
        step("list", prefix, () -> store.list(prefix, each));
    }

    @Override
    public Optional<StoredObject> find(String key, @Nullable String versionId) {
        return step("find", key, () -> store.find(key, versionId));
    }

    @Override
    public StoredObject put(String key, byte[] content, boolean onlyNew, @Nullable ObjectLock lock) {
        return step("put", key, () -> store.put(key, content, onlyNew, lock));
    }

    /** The answer is not lost: nobody could know the id of what was begun. */
    @Override
    public Upload begin(String key, @Nullable ObjectLock lock, Consumer<String> began) {
        steps.accept("begin " + key);
        return new Watched(key, store.begin(key, lock, began));
    }

    @Override
    public void abort(String key, String uploadId) {
        step("abort", key, () -> store.abort(key, uploadId));
    }

    @Override
    public InputStream read(String key, @Nullable String versionId, long offset, long length) {
        steps.accept("read " + key);
        return store.read(key, versionId, offset, length);
    }

    @Override
    public void delete(String key, @Nullable String versionId) {
        step("delete", key, () -> store.delete(key, versionId));
    }

    @Override
    public void versions(String prefix, Consumer<StoredVersion> each) {
        step("versions", prefix, () -> store.versions(prefix, each));
    }

    @Override
    public Protection protection(String key, @Nullable String versionId) {
        return step("protection", key, () -> store.protection(key, versionId));
    }

    @Override
    public void requireLocks() {
        store.requireLocks();
    }

    @Override
    public void lock(String key, @Nullable String versionId, ObjectLock lock) {
        step("lock", key, () -> store.lock(key, versionId, lock));
    }

    @Override
    public void close() {
        store.close();
    }

    private final class Watched implements Upload {

        private final String key;
        private final Upload upload;

        Watched(String key, Upload upload) {
            this.key = key;
            this.upload = upload;
        }

        @Override
        public void part(byte[] bytes, int length, LongConsumer sent) {
            step("part", key, () -> upload.part(bytes, length, sent));
        }

        @Override
        public StoredObject complete() {
            return step("complete", key, upload::complete);
        }

        @Override
        public void close() {
            upload.close();
        }
    }
}
