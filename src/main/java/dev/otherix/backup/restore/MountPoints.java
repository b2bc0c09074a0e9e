package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where file systems are mounted, as Linux shows it (proc_pid_mountinfo(5)). */
final class MountPoints {

    private static final Path TABLE = Path.of("/proc/self/mountinfo");
    private static final int POINT = 4;

    private MountPoints() {}

    /** Whether something is mounted at this path, which has no links. */
    static boolean isOne(Path real) throws IOException {
        try (var lines = Files.lines(TABLE, StandardCharsets.ISO_8859_1)) {
            var text = new String(real.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            return lines.map(line -> line.split(" ", POINT + 2))
                    .anyMatch(fields ->
                            fields.length > POINT && unescaped(fields[POINT]).equals(text));
        }
    }

    /** Space, tab, newline and backslash are written as octal numbers. */
    private static String unescaped(String point) {
        return point.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
