package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What one server printed, over all its starts. */
record EtcdLog(Path file) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int FIRST = 2;
    private static final int LAST = 6;
    private static final int LONGEST = 240;

    /** Few and short lines for a message: what is no routine, or the last lines where all is. */
    String reason() {
        var lines = lines();
        var telling = lines.stream()
                .map(EtcdLog::telling)
                .filter(line -> !line.isBlank())
                .toList();
        if (telling.isEmpty()) {
            return lines.isEmpty() ? "(no log)" : joined(lines.stream().skip(Math.max(0, lines.size() - 3)));
        }
        var left = telling.size() - FIRST - LAST;
        return left <= 0
                ? joined(telling.stream())
                : joined(Stream.of(
                                telling.subList(0, FIRST),
                                List.of("... " + left + " more ..."),
                                telling.subList(FIRST + left, telling.size()))
                        .flatMap(List::stream));
    }

    private List<String> lines() {
        try {
            return Files.exists(file)
                    ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                            .lines()
                            .toList()
                    : List.of();
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + file, cause);
        }
    }

    /** Blank for a line of routine: JSON from 3.5 on, with a letter for the level before. */
    private static String telling(String line) {
        if (!line.startsWith("{")) {
            return line.matches(".* [DI] \\| .*") ? "" : line;
        }
        try {
            var entry = JSON.readTree(line);
            var level = entry.path("level").asString("");
            return level.equals("info") || level.equals("debug")
                    ? ""
                    : (level + ": " + entry.path("msg").asString("") + " "
                                    + entry.path("error").asString(""))
                            .strip();
        } catch (JacksonException broken) {
            return line;
        }
    }

    private static String joined(Stream<String> lines) {
        return lines.map(line -> line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line)
                .collect(Collectors.joining("\n"));
    }
}
