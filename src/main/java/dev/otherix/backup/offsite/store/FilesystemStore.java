package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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

    private static final int DEEPEST = 16;
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
            walk(target, "", prefix, DEEPEST, object -> {
                progress.moved();
                each.accept(object);
            });
            return prefix;
        });
    }

    private static void walk(
            TargetDirectory directory, String above, String prefix, int deep, Consumer<StoredObject> each)
            throws IOException {
        directory.forEach((name, found) -> {
            if (!FileKey.isName(name)) {
                return;
            }
            var key = above + name;
            if (found.isRegularFile() && key.startsWith(prefix)) {
                each.accept(stored(key, found));
            } else if (found.isDirectory() && deep > 0 && (key + "/").startsWith(common(key + "/", prefix))) {
                inner(directory, name, key + "/", prefix, deep - 1, each);
            }
        });
    }

    /** The beginning of {@code prefix} that is as long as {@code folder}. */
    private static String common(String folder, String prefix) {
        return prefix.substring(0, Math.min(folder.length(), prefix.length()));
    }

    private static void inner(
            TargetDirectory directory,
            String name,
            String folder,
            String prefix,
            int deep,
            Consumer<StoredObject> each) {
        try {
            var inner = directory.inner(java.util.List.of(name));
            if (inner.isPresent()) {
                try (var entered = inner.get()) {
                    walk(entered, folder, prefix, deep, each);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static StoredObject stored(String key, BasicFileAttributes found) {
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
    public StoredObject put(String key, byte[] content, boolean onlyNew) {
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
    public Upload begin(String key, Consumer<String> began) {
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
    public void close() {
        // each call opens and closes what it needs
    }
}
