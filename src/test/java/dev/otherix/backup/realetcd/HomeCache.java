package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Keeps fetched programs between builds. A home is there whole or not at all, also when two JVMs fetch it at once: each
 * fills a directory of its own, and the first to finish gives it its name.
 *
 * @param root made when the first home is kept
 * @param open makes a home of a directory and a word on where its programs came from, or says why there is none
 */
public record HomeCache<H>(Path root, BiFunction<Path, String, H> open) {

    /** Where the cache of this user is. */
    public static Path directory(Map<String, String> environment, Path userHome) {
        var set = environment.getOrDefault("XDG_CACHE_HOME", "");
        var caches = set.isBlank() ? userHome.resolve(".cache") : Path.of(set);
        return caches.resolve("otherix-etcd-backup");
    }

    /** A home that was kept under this name. */
    Optional<H> get(String name, String origin) {
        var dir = root.resolve(name);
        return Files.isDirectory(dir) ? Optional.of(open.apply(dir, origin)) : Optional.empty();
    }

    /**
     * Keeps a new home.
     *
     * @param fill puts the programs into the directory that it is given
     * @throws NoProgramException when what was filled in is no home that works; nothing is kept
     */
    H keep(String name, String origin, Consumer<Path> fill) {
        try {
            Files.createDirectories(root);
            var fresh = Files.createTempDirectory(root, ".new-" + name + "-");
            try {
                fill.accept(fresh);
                open.apply(fresh, origin);
                moveInto(root.resolve(name), fresh);
            } finally {
                deleteTree(fresh);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot keep " + name + " in " + root, cause);
        }
        return open.apply(root.resolve(name), origin);
    }

    private static void moveInto(Path place, Path fresh) throws IOException {
        try {
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException cause) {
            if (!Files.isDirectory(place)) {
                throw cause;
            }
            // another JVM was first, with the same programs
        }
    }

    /** Lets a program that was copied run. */
    static void makeExecutable(Path program) throws IOException {
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Removes a directory and all in it, if it is there. */
    public static void deleteTree(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (var tree = Files.walk(directory)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
