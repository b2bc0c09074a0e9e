package dev.otherix.backup.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A configuration file and the settings taken from it. A file with {@code server.listen}, or with a {@code server} and
 * an {@code auth} block, is otherix-api's own api.yaml: it has many keys and secrets that are not ours, so only the
 * shared settings are taken from it. Any other file is ours, and must have no unknown key.
 *
 * @param ofOtherix whether it is an api.yaml
 * @param settings the settings taken from it
 */
record ConfigFile(Path path, boolean ofOtherix, List<Setting> settings) {

    private static final String SHARED_BLOCK = "workers.backup.";
    private static final Set<String> SHARED_KEYS = Set.of("etcd.client_url", "cluster_ca.cert_file");
    private static final Set<String> BLOCKS_OF_OTHERIX = Set.of("workers", "etcd", "cluster_ca");

    static ConfigFile read(Path path, KnownKeys known) {
        var all = YamlFile.read(path);
        if (isOfOtherix(all)) {
            return new ConfigFile(path, true, shared(all, known));
        }
        var ours = all.stream().filter(setting -> !isEmptyBlock(setting, known)).toList();
        ours.stream()
                .filter(setting -> !known.contains(setting.key()))
                .findFirst()
                .ifPresent(setting -> {
                    throw known.unknown(setting.key()).at(setting.source());
                });
        return new ConfigFile(path, false, ours);
    }

    /** Reads otherix-api's own file beside ours, if it exists and is readable; it is not a source of settings. */
    static Optional<ConfigFile> peek(Path path, KnownKeys known) {
        try {
            return Optional.of(new ConfigFile(path, true, shared(YamlFile.read(path), known)));
        } catch (UnusableConfigFile unusable) {
            return Optional.empty();
        }
    }

    /** Whether otherix-api has a block of this name too, so that an unknown key may be otherix-api's. */
    static boolean isSharedWithOtherix(String key) {
        return BLOCKS_OF_OTHERIX.contains(KnownKeys.firstPart(key));
    }

    Optional<String> text(String key) {
        return settings.stream()
                .filter(setting -> setting.key().equals(key))
                .map(Setting::text)
                .findFirst();
    }

    String description() {
        return path
                + (ofOtherix
                        ? " is an otherix api.yaml: only workers.backup, etcd.client_url and cluster_ca.cert_file are taken from it"
                        : " is this service's configuration");
    }

    private static boolean isOfOtherix(List<Setting> all) {
        return has(all, "server.listen") || has(all, "server") && has(all, "auth");
    }

    private static boolean has(List<Setting> all, String key) {
        Predicate<String> there =
                found -> found.equals(key) || found.startsWith(key + ".") || found.startsWith(key + "[");
        return all.stream().map(Setting::key).anyMatch(there);
    }

    private static List<Setting> shared(List<Setting> all, KnownKeys known) {
        return all.stream()
                .filter(setting -> setting.key().startsWith(SHARED_BLOCK) || SHARED_KEYS.contains(setting.key()))
                .filter(setting -> known.contains(setting.key()))
                .filter(setting -> !setting.text().isEmpty())
                .toList();
    }

    private static boolean isEmptyBlock(Setting setting, KnownKeys known) {
        return setting.text().isEmpty() && known.isBlock(setting.key());
    }
}
