package dev.otherix.backup.config;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A configuration file and the settings taken from it. A file with {@code server.listen}, or with a {@code server} and
 * an {@code auth} block, is otherix-api's own api.yaml: it has many keys and secrets that are not ours, so only the
 * shared settings are taken from it. Any other file is ours, and must have no unknown key.
 *
 * @param ofOtherix whether it is an api.yaml
 * @param settings the settings taken from it
 * @param description what it is, in a sentence
 */
public record ConfigFile(Path path, boolean ofOtherix, List<Setting> settings, String description) {

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    static ConfigFile read(Path path, KnownKeys known) {
        var all = known.joined(answer(path, () -> YamlFile.read(path)));
        if (isOfOtherix(all)) {
            return ofOtherix(path, all, known);
        }
        var ours = all.stream().filter(setting -> !isEmptyBlock(setting, known)).toList();
        ours.stream()
                .filter(setting -> !known.contains(setting.key()))
                .findFirst()
                .ifPresent(setting -> {
                    throw known.unknown(setting.key()).at(setting.source());
                });
        return new ConfigFile(path, false, ours, path + " is this service's configuration");
    }

    /** Whether it may exist: a dangling link, or a file in a directory we may not enter, is not the same as no file. */
    static boolean mayExist(Path path) {
        return answer(path, () -> !Files.notExists(path, LinkOption.NOFOLLOW_LINKS));
    }

    private static <T> T answer(Path path, Supplier<T> question) {
        try {
            return InTime.ask(LONGEST_ANSWER, question);
        } catch (TimeoutException hangs) {
            throw new UnusableConfigFile(
                    path,
                    null,
                    "has not answered for " + LONGEST_ANSWER.toSeconds() + " s",
                    "Check the disk, or the server of the file system, then start again.",
                    hangs);
        }
    }

    /** Reads otherix-api's own file beside ours, if it exists and is readable; it is not a source of settings. */
    static Optional<ConfigFile> peek(Path path, KnownKeys known) {
        try {
            return Optional.of(ofOtherix(path, answer(path, () -> YamlFile.read(path)), known));
        } catch (UnusableConfigFile unusable) {
            return Optional.empty();
        }
    }

    private static ConfigFile ofOtherix(Path path, List<Setting> all, KnownKeys known) {
        var shared = all.stream()
                .filter(setting -> known.shared().contain(setting.key()))
                .filter(setting -> known.contains(setting.key()))
                .filter(setting -> !setting.text().isEmpty())
                .toList();
        return new ConfigFile(
                path, true, shared, path + " is an otherix api.yaml: only " + known.shared() + " are taken from it");
    }

    /** The text of a setting, if it has that one. */
    public Optional<String> text(String key) {
        return settings.stream()
                .filter(setting -> setting.key().equals(key))
                .map(Setting::text)
                .findFirst();
    }

    private static boolean isOfOtherix(List<Setting> all) {
        return has(all, "server.listen") || has(all, "server") && has(all, "auth");
    }

    private static boolean has(List<Setting> all, String key) {
        Predicate<String> there =
                found -> found.equals(key) || found.startsWith(key + ".") || found.startsWith(key + "[");
        return all.stream().map(Setting::key).anyMatch(there);
    }

    private static boolean isEmptyBlock(Setting setting, KnownKeys known) {
        return setting.text().isEmpty() && known.isBlock(setting.key());
    }
}
