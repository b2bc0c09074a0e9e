package dev.otherix.backup.restore;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What etcd says of its own end, in a few words: of its log, the last lines that are no routine. */
final class EtcdWords {

    private static final Set<String> GRAVE = Set.of("error", "dpanic", "panic", "fatal");
    private static final int MOST_LINES = 3;
    private static final int LONGEST = 300;
    private static final int PRINTABLE = 0x20;

    private EtcdWords() {}

    /** @param lines the end of all that it printed */
    static String of(List<String> lines) {
        var grave = lines.stream().flatMap(line -> grave(line).stream()).toList();
        var said = grave.isEmpty()
                ? lines.stream()
                        .filter(line -> !line.isBlank())
                        .map(EtcdWords::plain)
                        .toList()
                : grave;
        return said.isEmpty()
                ? "it printed nothing"
                : said.subList(Math.max(0, said.size() - MOST_LINES), said.size()).stream()
                        .map(EtcdWords::shortened)
                        .collect(Collectors.joining("; "));
    }

    private static Optional<String> grave(String line) {
        if (line.startsWith("panic: ") || line.startsWith("fatal error: ")) {
            return Optional.of(line);
        }
        var entry = entry(line);
        return entry != null && GRAVE.contains(text(entry, "level")) ? Optional.of(words(entry)) : Optional.empty();
    }

    private static String plain(String line) {
        var entry = entry(line);
        return entry == null ? line : words(entry);
    }

    private static String words(JsonNode entry) {
        var error = text(entry, "error");
        return text(entry, "msg") + (error.isEmpty() ? "" : ": " + error);
    }

    private static String text(JsonNode entry, String field) {
        return entry.path(field).asString("");
    }

    private static @Nullable JsonNode entry(String line) {
        try {
            return line.startsWith("{") ? JsonMapper.shared().readTree(line) : null;
        } catch (JacksonException text) {
            return null;
        }
    }

    private static String shortened(String line) {
        var printable = line.chars()
                .map(letter -> letter < PRINTABLE ? ' ' : letter)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable.length() > LONGEST ? printable.substring(0, LONGEST) + "..." : printable;
    }
}
