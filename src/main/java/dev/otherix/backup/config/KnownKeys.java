package dev.otherix.backup.config;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All keys, derived from the blocks' records: the only list, so that nothing can differ from it. */
final class KnownKeys {

    private final Set<String> keys;
    private final Set<String> lists;
    private final Map<String, String> inPlaceOf;
    private final SharedKeys shared;

    private KnownKeys(Set<String> keys, Set<String> lists, Map<String, String> inPlaceOf, SharedKeys shared) {
        this.keys = keys;
        this.lists = lists;
        this.inPlaceOf = inPlaceOf;
        this.shared = shared;
    }

    static KnownKeys of(Collection<Class<? extends Record>> blocks) {
        var keys = new HashSet<String>();
        var lists = new HashSet<String>();
        var inPlaceOf = new HashMap<String, String>();
        for (var block : blocks) {
            for (var component : block.getRecordComponents()) {
                keys.add(keyOf(component));
                if (component.getType() == List.class) {
                    lists.add(keyOf(component));
                }
                var other = component.getAnnotation(InPlaceOf.class);
                if (other != null) {
                    inPlaceOf.put(other.value(), keyOf(component));
                }
            }
        }
        return new KnownKeys(Set.copyOf(keys), Set.copyOf(lists), Map.copyOf(inPlaceOf), SharedKeys.of(blocks));
    }

    /** Those that otherix-api has too. */
    SharedKeys shared() {
        return shared;
    }

    /** The key of a component: the block's name and the component's name in snake case. */
    static String keyOf(RecordComponent component) {
        var block = Objects.requireNonNull(component.getDeclaringRecord().getAnnotation(Block.class));
        return block.value() + "."
                + component.getName().replaceAll("(\\p{Upper})", "_$1").toLowerCase(Locale.ROOT);
    }

    boolean contains(String key) {
        return keys.contains(key);
    }

    /** The settings of a file, where each list of a key that takes one has become one text with commas. */
    List<Setting> joined(List<Setting> settings) {
        var joined = new LinkedHashMap<String, Setting>();
        for (var setting : settings) {
            var key = setting.key().replaceFirst("\\[\\d*]$", "");
            if (key.equals(setting.key()) || !lists.contains(key)) {
                joined.put(setting.key(), setting);
            } else {
                joined.merge(
                        key,
                        new Setting(key, setting.text(), setting.source()),
                        (before, next) -> new Setting(key, before.text() + "," + next.text(), before.source()));
            }
        }
        return List.copyOf(joined.values());
    }

    /** Whether there are known keys below this one: {@code workers} and {@code workers.backup} are blocks. */
    boolean isBlock(String key) {
        return keys.stream().anyMatch(known -> known.startsWith(key + "."));
    }

    /** Whether only the separators are wrong, as in {@code workers_backup_dir}. */
    boolean isMisspelt(String key) {
        return keys.stream().anyMatch(known -> letters(known).equals(letters(key)));
    }

    /** Whether the key's first part is the first part of a known key. */
    boolean isInOurBlocks(String key) {
        return isBlock(firstPart(key));
    }

    static String firstPart(String key) {
        var end = key.indexOf('.');
        return end < 0 ? key : key.substring(0, end);
    }

    /** The refusal of an unknown key; never holds its value. */
    InvalidSetting unknown(String key) {
        var index = key.indexOf('[');
        if (index > 0 && contains(key.substring(0, index))) {
            return new InvalidSetting(
                    key.substring(0, index), null, "is a list, but takes one value", "Write one value.");
        }
        if (isBlock(key)) {
            return new InvalidSetting(
                    key,
                    null,
                    "is a block of settings, not a single one",
                    "Set the keys in it: "
                            + keys.stream()
                                    .filter(known -> known.startsWith(key + "."))
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        return new InvalidSetting(
                key,
                null,
                "is not a setting of this service",
                nearest(key)
                        .map(near -> "Did you mean " + near + "? Correct the key, or remove it.")
                        .orElseGet(() -> springsOwn(key)
                                ? "Remove it here. Give it on the command line, for example --logging.level.root=debug."
                                : "Remove it, or correct it: configuration.md lists all keys."));
    }

    private static boolean springsOwn(String key) {
        return CommandLine.OF_SPRING.contains(firstPart(key));
    }

    /** The known key that was most likely meant; empty if none is similar. The same last part counts most. */
    Optional<String> nearest(String key) {
        var instead = inPlaceOf.get(firstPart(key));
        if (instead != null) {
            return Optional.of(instead);
        }
        var sameLast = keys.stream()
                .filter(known -> lastPart(known).equals(lastPart(key)))
                .toList();
        return sameLast.isEmpty() || springsOwn(key)
                ? Nearest.of(key, keys)
                : sameLast.stream()
                        .min(Comparator.comparingInt((String known) -> Nearest.distance(known, key))
                                .thenComparing(known -> known));
    }

    private static String letters(String key) {
        return key.replaceAll("[^a-z0-9]", "");
    }

    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
