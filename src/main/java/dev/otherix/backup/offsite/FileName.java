package dev.otherix.backup.offsite;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The names of files beside a copy: what a setting may name, and what an archive may hold, whoever wrote it. In an
 * archive they lack the first slash.
 */
final class FileName {

    /** At most so many travel beside one copy. */
    static final int MOST_FILES = 100;

    private static final int LONGEST = 4096;
    private static final int LONGEST_PART = 255;
    private static final int DEEPEST = 64;

    private FileName() {}

    /** Why a setting cannot name a path. */
    record Problem(String path, String words, String fix) {}

    /** The first path that cannot be used; empty if all can. */
    static Optional<Problem> problemOf(List<String> paths) {
        var seen = new HashSet<String>();
        for (var path : paths) {
            if (!path.startsWith("/")) {
                return Optional.of(new Problem(
                        path, "is not an absolute path", "Write it from the root on, such as /etc/otherix/api.yaml."));
            }
            if (!isUsable(path.substring(1))) {
                return Optional.of(new Problem(
                        path,
                        "is not the path of a file, without . and .. in it",
                        "Write it from the root on, such as /etc/otherix/api.yaml."));
            }
            if (!seen.add(path)) {
                return Optional.of(new Problem(path, "names this file twice", "Remove one of the two."));
            }
        }
        return paths.size() <= MOST_FILES
                ? Optional.empty()
                : Optional.of(new Problem(
                        paths.size() + " paths",
                        "names more than " + MOST_FILES + " files",
                        "Name only what a restore needs, such as /etc/otherix/api.yaml."));
    }

    /** The name in an archive. */
    static String of(Path absolute) {
        return absolute.toString().substring(1);
    }

    /** Whether it is a way from a directory downwards, of plain names. */
    static boolean isUsable(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            return false;
        }
        var parts = name.split("/", -1);
        if (parts.length > DEEPEST) {
            return false;
        }
        for (var part : parts) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.getBytes(StandardCharsets.UTF_8).length > LONGEST_PART
                    || part.codePoints().anyMatch(FileName::isUnseen)) {
                return false;
            }
        }
        return isPath(name);
    }

    private static boolean isUnseen(int codePoint) {
        return Character.isISOControl(codePoint)
                || codePoint == '\uFFFD'
                || Character.getType(codePoint) == Character.SURROGATE;
    }

    private static boolean isPath(String name) {
        try {
            return Path.of(name).toString().equals(name);
        } catch (InvalidPathException notInThisLocale) {
            return false;
        }
    }

    /** Adds a name to those of an archive. @return false if it is there already, or is above or below one that is */
    static boolean add(String name, Set<String> files, Set<String> directories) {
        if (directories.contains(name) || !files.add(name)) {
            return false;
        }
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            var above = name.substring(0, slash);
            if (files.contains(above)) {
                return false;
            }
            directories.add(above);
        }
        return true;
    }
}
