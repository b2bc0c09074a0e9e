package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.Protection;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredObject;
import dev.otherix.backup.offsite.store.StoredVersion;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that sends what a test wants, whatever was stored: a real one cannot be made to. */
public final class LyingStore implements ObjectStore {

    private final SortedMap<String, byte[]> objects = new TreeMap<>();
    private final Map<String, Supplier<InputStream>> lies = new HashMap<>();
    private final Map<String, StoreFailure> failures = new HashMap<>();
    private Instant modifiedAt = Instant.EPOCH;
    private int readers;

    /** Reads of the key get this, of whatever length it is. */
    public void lie(String key, Supplier<InputStream> content) {
        lies.put(key, content);
    }

    /** Reads of the key fail. */
    public void fail(String key, StoreFailure failure) {
        failures.put(key, failure);
    }

    /** All objects came then. */
    public void modifiedAt(Instant moment) {
        modifiedAt = moment;
    }

    /** How often something was opened for reading. */
    public int readers() {
        return readers;
    }

    public byte[] stored(String key) {
        return Optional.ofNullable(objects.get(key)).orElseThrow();
    }

    public void remove(String key) {
        objects.remove(key);
    }

    @Override
    public Target target() {
        return Target.S3;
    }

    @Override
    public List<String> words(String prefix) {
        return List.of("--from", place() + "/" + prefix);
    }

    @Override
    public String place() {
        return "s3://a-bucket";
    }

    @Override
    public void probe(String prefix) {
        // it answers
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> each) {
        objects.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .forEach(entry -> each.accept(about(entry.getKey(), entry.getValue())));
    }

    @Override
    public Optional<StoredObject> find(String key, @Nullable String versionId) {
        return versionId == null
                ? Optional.ofNullable(objects.get(key)).map(content -> about(key, content))
                : Optional.empty();
    }

    private StoredObject about(String key, byte[] content) {
        return new StoredObject(key, content.length, null, modifiedAt, false);
    }

    @Override
    public StoredObject put(String key, byte[] content, boolean onlyNew, @Nullable ObjectLock lock) {
        objects.put(key, content);
        return about(key, content);
    }

    @Override
    public Upload begin(String key, @Nullable ObjectLock lock, Consumer<String> began) {
        throw new UnsupportedOperationException("nothing is uploaded to it");
    }

    @Override
    public void abort(String key, String uploadId) {
        throw new UnsupportedOperationException("nothing is uploaded to it");
    }

    @Override
    public InputStream read(String key, @Nullable String versionId, long offset, long length) {
        readers++;
        var failure = failures.get(key);
        if (failure != null) {
            throw failure;
        }
        var lie = lies.get(key);
        if (lie != null) {
            return lie.get();
        }
        var content = objects.get(key);
        if (content == null) {
            throw new StoreFailure(StoreFailure.Code.NO_SUCH_OBJECT, "there is no " + key, null);
        }
        return new ByteArrayInputStream(content, (int) offset, (int) Math.min(length, content.length - offset));
    }

    @Override
    public void delete(String key, @Nullable String versionId) {
        objects.remove(key);
    }

    @Override
    public void versions(String prefix, Consumer<StoredVersion> each) {
        list(
                prefix,
                object -> each.accept(
                        new StoredVersion(object.key(), null, false, object.sizeBytes(), object.modifiedAt())));
    }

    @Override
    public Protection protection(String key, @Nullable String versionId) {
        return Protection.NONE;
    }

    @Override
    public void requireLocks() {
        throw new UnsupportedOperationException("it locks nothing");
    }

    @Override
    public void lock(String key, @Nullable String versionId, ObjectLock lock) {
        throw new UnsupportedOperationException("it locks nothing");
    }

    @Override
    public void close() {
        // holds nothing open
    }
}
