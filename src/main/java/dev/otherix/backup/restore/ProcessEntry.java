package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A process as /proc shows it (proc(5)).
 *
 * @param started ticks from the start of the system to that of the process; no two processes have both this and the
 *     number in common
 * @param arguments the program first; empty for one that has ended and is not reaped
 * @param environment as it was at its start; empty if this user may not see it
 */
record ProcessEntry(long pid, long started, List<String> arguments, List<String> environment) {

    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    // of the fields after the name
    private static final int STARTED = 19;

    /** Every process that this user sees. */
    static List<ProcessEntry> all() throws IOException {
        var all = new ArrayList<ProcessEntry>();
        try (var entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var entry : entries) {
                of(entry).ifPresent(all::add);
            }
        }
        return all;
    }

    private static Optional<ProcessEntry> of(Path entry) {
        try {
            return Optional.of(new ProcessEntry(
                    Long.parseLong(String.valueOf(entry.getFileName())),
                    started(entry),
                    texts(entry.resolve("cmdline")),
                    environment(entry)));
        } catch (IOException endedMeanwhile) {
            return Optional.empty();
        }
    }

    private static long started(Path entry) throws IOException {
        var stat = Files.readString(entry.resolve("stat"), StandardCharsets.ISO_8859_1);
        // the name may have spaces and brackets
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[STARTED]);
    }

    private static List<String> environment(Path entry) {
        try {
            return texts(entry.resolve("environ"));
        } catch (IOException ofAnotherUser) {
            return List.of();
        }
    }

    private static List<String> texts(Path file) throws IOException {
        return Arrays.asList(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0"));
    }

    /** When this process was started. */
    static long ownStart() throws IOException {
        return started(PROC.resolve("self"));
    }

    /** The start of the system that this process runs in: ticks of another one mean nothing. */
    static String boot() throws IOException {
        return Files.readString(BOOT).strip();
    }
}
