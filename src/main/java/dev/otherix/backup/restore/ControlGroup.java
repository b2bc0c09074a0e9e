package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * The memory limits of this process's control group and of those above it, version 1 or 2. What a group holds of files
 * counts as free: the system takes it back.
 */
final class ControlGroup {

    private static final Path MOUNT = Path.of("sys/fs/cgroup");
    private static final String UNIFIED = "0::";

    private final Path root;

    ControlGroup(Path root) {
        this.root = root;
    }

    /** Bytes that this process may still take; empty if nothing limits it. */
    OptionalLong available() {
        try {
            var least = OptionalLong.empty();
            for (var line : lines()) {
                if (isMemory(line)) {
                    for (var group : andAbove(MOUNT.resolve("memory"), line.split(":", 3)[2])) {
                        least = least(least, separate(group));
                    }
                }
            }
            for (var group : unified()) {
                least = least(least, unified(group));
            }
            return least;
        } catch (IOException notTold) {
            return OptionalLong.empty();
        }
    }

    /** Whether the kernel ends all processes of a group where it ends one, as in a container of Kubernetes. */
    boolean endsTogether() {
        try {
            for (var group : unified()) {
                if (number(group, "memory.oom.group").orElse(0) == 1) {
                    return true;
                }
            }
            return false;
        } catch (IOException notTold) {
            return false;
        }
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(root.resolve("proc/self/cgroup"));
    }

    /** The group of version 2 and all above it. */
    private List<Path> unified() throws IOException {
        var groups = new ArrayList<Path>();
        for (var line : lines()) {
            if (line.startsWith(UNIFIED)) {
                var path = line.substring(UNIFIED.length());
                groups.addAll(andAbove(MOUNT, path));
                groups.addAll(andAbove(MOUNT.resolve("unified"), path));
            }
        }
        return groups;
    }

    private static boolean isMemory(String line) {
        var parts = line.split(":", 3);
        return parts.length == 3 && Arrays.asList(parts[1].split(",")).contains("memory");
    }

    /** A group and all above it; a container may not see its own path. */
    private List<Path> andAbove(Path mount, String path) {
        var top = root.resolve(mount);
        var groups = new ArrayList<Path>();
        for (var at = top.resolve(path.substring(1)).normalize();
                at != null && at.startsWith(top);
                at = at.getParent()) {
            if (Files.isDirectory(at)) {
                groups.add(at);
            }
        }
        return groups;
    }

    private static OptionalLong unified(Path group) throws IOException {
        var used = number(group, "memory.current");
        var limit = least(number(group, "memory.max"), number(group, "memory.high"));
        return left(limit, used, inStat(group, "inactive_file") + inStat(group, "active_file"));
    }

    private static OptionalLong separate(Path group) throws IOException {
        return left(
                number(group, "memory.limit_in_bytes"),
                number(group, "memory.usage_in_bytes"),
                inStat(group, "total_inactive_file") + inStat(group, "total_active_file"));
    }

    private static OptionalLong left(OptionalLong limit, OptionalLong used, long reclaimable) {
        return limit.isEmpty() || used.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(limit.getAsLong() - Math.max(0, used.getAsLong() - reclaimable));
    }

    private static OptionalLong least(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.getAsLong() <= other.getAsLong() ? one : other;
    }

    /** The number in a file; empty if it is not there, or says "max". */
    private static OptionalLong number(Path group, String file) throws IOException {
        var path = group.resolve(file);
        if (!Files.exists(path)) {
            return OptionalLong.empty();
        }
        var text = Files.readString(path).strip();
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    private static long inStat(Path group, String field) throws IOException {
        var path = group.resolve("memory.stat");
        var lines = Files.exists(path) ? Files.readAllLines(path) : List.<String>of();
        return lines.stream()
                .filter(line -> line.startsWith(field + " "))
                .mapToLong(line ->
                        Long.parseLong(line.substring(field.length() + 1).strip()))
                .findFirst()
                .orElse(0);
    }
}
