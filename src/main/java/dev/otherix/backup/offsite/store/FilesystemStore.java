package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A directory on another disk or on a file server: the slashes of keys are directories. Objects are written under a
 * hidden name and get theirs when they are synced. The target needs a file {@value TargetDirectory#MARK}.
 */
public final class FilesystemStore implements ObjectStore {

    /** The file that a target has to have. */
    public static final String MARK = TargetDirectory.MARK;

    private static final int ID_BYTES = 16;

    private final FileCalls calls;
    private final SecureRandom random = new SecureRandom();
    private final AtomicBoolean remarked = new AtomicBoolean();

    private FilesystemStore(FileCalls calls) {
        this.calls = calls;
    }

    /** Does not look at the directory yet. */
    public static ObjectStore open(Path directory) {
        return open(directory, Limits.USUAL);
    }

    static FilesystemStore open(Path directory, Limits limits) {
        return new FilesystemStore(new FileCalls(directory, limits));
    }

    @Override
    public Target target() {
        return Target.FILESYSTEM;
    }

    @Override
    public String place() {
        return "file://" + calls.target();
    }

    @Override
    public List<String> words(String prefix) {
        return PlaceWords.of(calls.target(), prefix);
    }

    @Override
    public void probe(String prefix) {
        calls.make("looking for the target", 0, (_, _) -> true);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> each) {
        calls.make("listing " + prefix, 0, (target, progress) -> {
            FileWalk.of(target, prefix, object -> {
                progress.moved();
                each.accept(object);
            });
            return prefix;
        });
    }

    static StoredObject stored(String key, BasicFileAttributes found) {
        return new StoredObject(
                key, found.size(), null, found.lastModifiedTime().toInstant(), false);
    }

    @Override
    public Optional<StoredObject> find(String key, @Nullable String versionId) {
        var file = FileKey.of(key);
        return calls.make("looking at " + key, 0, (target, _) -> {
            var folder = target.inner(file.folders());
            if (folder.isEmpty()) {
                return Optional.empty();
            }
            try (var entered = folder.get()) {
                return entered.file(file.file()).map(found -> stored(key, found));
            }
        });
    }

    @Override
    public StoredObject put(String key, byte[] content, boolean onlyNew, @Nullable ObjectLock lock) {
        requireNone(lock);
        var file = FileKey.of(key);
        var doing = "writing " + key;
        return calls.make(doing, content.length, (target, progress) -> {
            try (var folder = target.make(file.folders())) {
                var unfinished = file.unfinished(newId());
                try {
                    try (var channel = folder.create(unfinished)) {
                        var bytes = ByteBuffer.wrap(content);
                        while (bytes.hasRemaining()) {
                            channel.write(bytes);
                        }
                        channel.force(true);
                    }
                    progress.moved();
                    if (!onlyNew) {
                        folder.replace(unfinished, file.file());
                    } else if (!folder.name(unfinished, file.file())) {
                        throw calls.failure(Code.EXISTS, doing + ": the key has an object already", null);
                    }
                } finally {
                    folder.delete(unfinished);
                }
                return stored(key, folder.file(file.file()).orElseThrow(() -> gone(key)));
            }
        });
    }

    private StoreFailure gone(String key) {
        return calls.failure(Code.UNAVAILABLE, key + " was written, and another program has removed it", null);
    }

    @Override
    public Upload begin(String key, @Nullable ObjectLock lock, Consumer<String> began) {
        requireNone(lock);
        var id = newId();
        probe(key);
        began.accept(id);
        return FileUpload.of(calls, key, id);
    }

    private String newId() {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void abort(String key, String uploadId) {
        if (FileKey.isId(uploadId)) {
            FileUpload.remove(calls, key, uploadId);
        }
    }

    @Override
    public InputStream read(String key, @Nullable String versionId, long offset, long length) {
        if (length <= 0) {
            return new ByteArrayInputStream(new byte[0]);
        }
        // one that hangs gets only a few threads
        probe(key);
        return FarStream.open(new FileSource(calls, key, offset, length, remarked), calls.limits());
    }

    @Override
    public void delete(String key, @Nullable String versionId) {
        var file = FileKey.of(key);
        calls.make("deleting " + key, 0, (target, _) -> {
            var folder = target.inner(file.folders());
            if (folder.isPresent()) {
                try (var entered = folder.get()) {
                    entered.delete(file.file());
                    // also if it is gone: an earlier attempt may have ended between the two
                    entered.sync();
                }
            }
            return key;
        });
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
        return find(key, versionId)
                .map(_ -> Protection.NONE)
                .orElseThrow(() ->
                        calls.failure(Code.NO_SUCH_OBJECT, "looking at " + key + ": there is no such object", null));
    }

    @Override
    public void requireLocks() {
        throw noLocks();
    }

    @Override
    public void lock(String key, @Nullable String versionId, ObjectLock lock) {
        throw noLocks();
    }

    private void requireNone(@Nullable ObjectLock lock) {
        if (lock != null) {
            throw noLocks();
        }
    }

    private StoreFailure noLocks() {
        return calls.failure(Code.REFUSED, "nothing can be locked in a directory", null);
    }

    @Override
    public void close() {
        // each call opens and closes what it needs
    }
}
