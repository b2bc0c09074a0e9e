package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            for (var line : Files.readAllLines(root.resolve("proc/self/cgroup"))) {
                if (line.startsWith(UNIFIED)) {
                    var path = line.substring(UNIFIED.length());
                    least = least(least, climbed(MOUNT, path, ControlGroup::unified));
                    least = least(least, climbed(MOUNT.resolve("unified"), path, ControlGroup::unified));
                } else if (isMemory(line)) {
                    least = least(
                            least, climbed(MOUNT.resolve("memory"), line.split(":", 3)[2], ControlGroup::separate));
                }
            }
            return least;
        } catch (IOException notTold) {
            return OptionalLong.empty();
        }
    }

    private static boolean isMemory(String line) {
        var parts = line.split(":", 3);
        return parts.length == 3 && Arrays.asList(parts[1].split(",")).contains("memory");
    }

    private interface Look {
        OptionalLong into(Path group) throws IOException;
    }

    /** The least of a group and of all above it; a container may not see its own path. */
    private OptionalLong climbed(Path mount, String path, Look look) throws IOException {
        var top = root.resolve(mount);
        var group = top.resolve(path.substring(1)).normalize();
        var least = OptionalLong.empty();
        for (var at = group; at != null && at.startsWith(top); at = at.getParent()) {
            if (Files.isDirectory(at)) {
                least = least(least, look.into(at));
            }
        }
        return least;
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
