package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One place that apt takes packages from, in either of apt's formats (sources.list(5)).
 *
 * @param signedBy the keyring that this place's index is checked with; null for apt's own
 */
record AptSource(
        String uri,
        List<String> suites,
        List<String> components,
        @Nullable String signedBy) {

    private static final Pattern ONE_LINE =
            Pattern.compile("deb\\s+(?:\\[(?<options>[^]]*)]\\s+)?(?<uri>\\S+)\\s+(?<rest>.+)");
    private static final Pattern SIGNED_BY = Pattern.compile("signed-by=(\\S+)");

    AptSource {
        suites = List.copyOf(suites);
        components = List.copyOf(components);
    }

    /** The enabled binary sources under a directory laid out as {@code /etc/apt}. */
    static List<AptSource> under(Path etcApt) {
        var found = new ArrayList<AptSource>();
        for (var file : files(etcApt)) {
            var text = read(file);
            found.addAll(file.toString().endsWith(".sources") ? stanzas(text) : lines(text));
        }
        return found;
    }

    /** This source's place with another suite, as one line of a sources.list. */
    String line(String suite) {
        var options = signedBy == null ? "" : "[signed-by=" + signedBy + "] ";
        return "deb %s%s %s %s".formatted(options, uri, suite, String.join(" ", components));
    }

    private static List<Path> files(Path etcApt) {
        var parts = etcApt.resolve("sources.list.d");
        var files = new ArrayList<Path>();
        if (Files.isRegularFile(etcApt.resolve("sources.list"))) {
            files.add(etcApt.resolve("sources.list"));
        }
        if (Files.isDirectory(parts)) {
            try (var entries = Files.list(parts)) {
                entries.filter(path -> path.toString().endsWith(".list")
                                || path.toString().endsWith(".sources"))
                        .sorted()
                        .forEach(files::add);
            } catch (IOException cause) {
                throw new UncheckedIOException("cannot list " + parts, cause);
            }
        }
        return files;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot read " + file, cause);
        }
    }

    private static List<AptSource> lines(String text) {
        return text.lines()
                .map(ONE_LINE::matcher)
                .filter(Matcher::matches)
                .map(AptSource::fromLine)
                .toList();
    }

    private static AptSource fromLine(Matcher line) {
        var rest = words(line.group("rest").replaceFirst("#.*", ""));
        var options = line.group("options");
        var signedBy = SIGNED_BY.matcher(options == null ? "" : options);
        return new AptSource(
                line.group("uri"),
                rest.subList(0, 1),
                rest.subList(1, rest.size()),
                signedBy.find() ? signedBy.group(1) : null);
    }

    private static List<AptSource> stanzas(String text) {
        return Arrays.stream(text.split("\\n\\s*\\n"))
                .map(AptSource::fields)
                .filter(fields -> words(fields.get("types")).contains("deb"))
                .filter(fields -> !"no".equals(fields.get("enabled")))
                .flatMap(AptSource::fromFields)
                .toList();
    }

    private static Stream<AptSource> fromFields(Map<String, String> fields) {
        return words(fields.get("uris")).stream()
                .map(uri -> new AptSource(
                        uri,
                        words(fields.get("suites")),
                        words(fields.get("components")),
                        keyring(fields.get("signed-by"))));
    }

    // a key can also stand in the file itself, which one line cannot say; apt's own keys are tried then
    private static @Nullable String keyring(@Nullable String signedBy) {
        return Optional.ofNullable(signedBy)
                .filter(value -> value.startsWith("/"))
                .orElse(null);
    }

    private static Map<String, String> fields(String stanza) {
        var fields = new HashMap<String, String>();
        var last = "";
        for (var line : stanza.lines().filter(it -> !it.startsWith("#")).toList()) {
            var colon = line.indexOf(':');
            if (line.startsWith(" ") || line.startsWith("\t")) {
                fields.merge(last, line.strip(), (before, more) -> before + " " + more);
            } else if (colon > 0) {
                last = line.substring(0, colon).toLowerCase(Locale.ROOT);
                fields.put(last, line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    private static List<String> words(@Nullable String text) {
        return text == null || text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}
