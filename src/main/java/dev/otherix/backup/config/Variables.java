package dev.otherix.backup.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The {@code OTHERIX_} environment variables, with {@code __} between the parts of a key. otherix-api reads the same
 * prefix, often from the same file, so an unknown one is refused only in a block that otherix-api does not have.
 *
 * @param ignored names that look like a setting of ours but are not: worth a warning
 */
record Variables(List<Setting> settings, List<String> ignored) {

    private static final String PREFIX = "OTHERIX_";

    static Variables read(Map<String, String> environment, KnownKeys known) {
        var settings = new ArrayList<Setting>();
        var ignored = new ArrayList<String>();
        new TreeMap<>(environment).forEach((name, text) -> {
            if (!name.startsWith(PREFIX)) {
                return;
            }
            var key = name.substring(PREFIX.length()).replace("__", ".").toLowerCase(Locale.ROOT);
            var source = "the environment variable " + name;
            if (known.contains(key)) {
                settings.add(new Setting(key, text, source));
            } else if (known.isInOurBlocks(key) && !known.shared().mayHave(key)) {
                throw known.unknown(key).at(source);
            } else if (known.shared().resemble(key) || known.isMisspelt(key)) {
                ignored.add(name
                        + known.nearest(key)
                                .map(near -> " (did you mean " + nameOf(near) + "?)")
                                .orElse(""));
            }
        });
        return new Variables(List.copyOf(settings), List.copyOf(ignored));
    }

    static String nameOf(String key) {
        return PREFIX + key.replace(".", "__").toUpperCase(Locale.ROOT);
    }
}
