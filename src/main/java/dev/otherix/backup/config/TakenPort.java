package dev.otherix.backup.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A TCP port that another program listens on. Finds that program, as far as procfs shows it to this user, and a free
 * port that neither this service nor otherix uses by default.
 */
public record TakenPort(int port) {

    private static final Path PROC = Path.of("/proc");
    private static final Set<Integer> KNOWN = Set.of(2379, 2380, 8080, 8090, 8091, 8443, 9443);
    private static final int FIRST = 8092;
    private static final int LAST = 65_535;

    // proc_pid_net(5): the columns of /proc/net/tcp
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTENS = "0A";

    /** Whether any program listens there now. */
    public boolean isTaken() {
        return listening().anyMatch(line -> portOf(line) == port);
    }

    /** The program that listens there, such as {@code nginx (process 812)}; empty if this user may not see it. */
    public Optional<String> holder() {
        var sockets = listening()
                .filter(line -> portOf(line) == port)
                .map(line -> "socket:[" + line[INODE] + "]")
                .toList();
        try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (var process : processes) {
                if (holds(process, sockets)) {
                    return Optional.of(Files.readString(process.resolve("comm")).strip() + " (process "
                            + process.getFileName() + ")");
                }
            }
        } catch (IOException | RuntimeException notShown) {
            // then the operator must find it
        }
        return Optional.empty();
    }

    /** A port where no program listens now. */
    public int other() {
        var taken = listening().map(TakenPort::portOf).toList();
        return IntStream.rangeClosed(FIRST, LAST)
                .filter(free -> free != port && !KNOWN.contains(free) && !taken.contains(free))
                .findFirst()
                .orElse(FIRST);
    }

    /** The command that shows which program listens there. */
    public String question() {
        return "sudo ss -ltnp 'sport = :" + port + "'";
    }

    private static boolean holds(Path process, List<String> sockets) {
        try (var files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (var file : files) {
                if (sockets.contains(target(file))) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException ofAnotherUserOrGone) {
            // not shown to this user
        }
        return false;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static Stream<String[]> listening() {
        return Stream.of("net/tcp", "net/tcp6")
                .flatMap(table -> lines(PROC.resolve(table)).stream())
                .map(line -> line.strip().split("\\s+"))
                .filter(line -> line.length > INODE && line[STATE].equals(LISTENS));
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException | UncheckedIOException noProcfs) {
            return List.of();
        }
    }

    private static int portOf(String[] line) {
        return Integer.parseInt(line[LOCAL].substring(line[LOCAL].indexOf(':') + 1), 16);
    }
}
