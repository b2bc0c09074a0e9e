package dev.otherix.backup.offsite.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/** Finds the objects below a target. */
final class FileWalk {

    private static final int DEEPEST = 16;

    private FileWalk() {}

    /** Passes each object whose key starts with {@code prefix} to {@code each}. */
    static void of(TargetDirectory target, String prefix, Consumer<StoredObject> each) throws IOException {
        walk(target, "", prefix, DEEPEST, each);
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
                each.accept(FilesystemStore.stored(key, found));
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
            var inner = directory.inner(List.of(name));
            if (inner.isPresent()) {
                try (var entered = inner.get()) {
                    walk(entered, folder, prefix, deep, each);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
