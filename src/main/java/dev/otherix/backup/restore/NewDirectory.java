package dev.otherix.backup.restore;

import dev.otherix.backup.history.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/**
 * A directory that gets its name only when all that is in it is there and synced, and never that of one with something
 * in it. Until then it is hidden beside it. Its directories are 0700 and its files 0600 from the first moment. No link
 * is followed, also one that another user puts in its way meanwhile.
 */
public final class NewDirectory implements AutoCloseable {

    private static final String SUFFIX = ".unfinished";

    private final Path path;
    private final DirectoryHandle around;
    private final DirectoryHandle root;
    private boolean named;

    private NewDirectory(Path path, DirectoryHandle around, DirectoryHandle root) {
        this.path = path;
        this.around = around;
        this.root = root;
    }

    /**
     * Begins it.
     *
     * @throws Refused if there is something under its name, an empty directory excepted
     * @throws dev.otherix.backup.verify.bolt.NotWritten if it cannot be made there
     */
    public static NewDirectory begin(Path named) {
        var path = named.toAbsolutePath().normalize();
        var parent = path.getParent();
        if (parent == null) {
            throw new Refused(named + " is the root of the file system", "Name a new directory.");
        }
        return OnTarget.get(() -> {
            var around = TrustedWay.to(parent);
            try {
                requireFree(around, path);
                return new NewDirectory(path, around, unfinished(around, path));
            } catch (IOException | RuntimeException refused) {
                around.close();
                throw refused;
            }
        });
    }

    private static DirectoryHandle unfinished(DirectoryHandle around, Path path) throws IOException {
        var hidden = hidden(path);
        if (around.has(hidden)) {
            throw new Refused(
                    around.shown().resolve(hidden) + " is there: another command is writing it, or one was killed",
                    "Wait for that command. If there is none, remove it: rm -r "
                            + ShellWord.of(around.shown().resolve(hidden).toString()));
        }
        return around.make(hidden);
    }

    private static String hidden(Path path) {
        return "." + path.getFileName() + SUFFIX;
    }

    private static void requireFree(DirectoryHandle around, Path path) throws IOException {
        var name = String.valueOf(path.getFileName());
        if (!around.has(name)) {
            return;
        }
        if (!around.isDirectory(name)) {
            throw new Refused(
                    path + " is there, and is no directory" + (around.isLink(name) ? ", but a link" : ""),
                    "Name a new directory.");
        }
        try (var there = around.open(name)) {
            var content = there.names();
            if (!content.isEmpty()) {
                throw new Refused(
                        path + " is not empty: it has " + content.getFirst()
                                + (content.size() > 1 ? " and " + (content.size() - 1) + " more" : ""),
                        "Name a new directory. Nothing is overwritten.");
            }
        }
    }

    /**
     * Writes a file in it.
     *
     * @param way names from it downwards, none of them {@code .} or {@code ..}
     * @throws dev.otherix.backup.verify.bolt.NotWritten if it cannot be written, or is there already
     */
    public void write(List<String> way, byte[] content, Instant modifiedAt) {
        OnTarget.run(() -> write(root, way, content, modifiedAt));
    }

    private static void write(DirectoryHandle in, List<String> way, byte[] content, Instant modifiedAt)
            throws IOException {
        var name = way.getFirst();
        if (way.size() == 1) {
            write(in, name, content, modifiedAt);
        } else {
            try (var inner = in.has(name) ? in.open(name) : in.make(name)) {
                write(inner, way.subList(1, way.size()), content, modifiedAt);
            }
        }
        in.sync();
    }

    private static void write(DirectoryHandle in, String name, byte[] content, Instant modifiedAt) throws IOException {
        try (var file = in.create(name)) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            Files.setLastModifiedTime(in.entry(name), FileTime.from(modifiedAt));
            file.force(true);
        }
    }

    /**
     * Gives it its name.
     *
     * @throws Refused if something has it by now
     * @throws dev.otherix.backup.verify.bolt.NotWritten if the disk refuses
     */
    public void publish() {
        OnTarget.run(() -> {
            requireFree(around, path);
            around.rename(hidden(path), around, String.valueOf(path.getFileName()));
            named = true;
            around.sync();
        });
    }

    /** Removes it, whoever still writes it; for a process that ends now. */
    public void abandon() {
        if (!named && around.isStill(hidden(path), root)) {
            OnTarget.run(() -> around.remove(hidden(path)));
        }
    }

    /** Removes what has no name. */
    @Override
    public void close() {
        try (around;
                root) {
            abandon();
        }
    }
}
