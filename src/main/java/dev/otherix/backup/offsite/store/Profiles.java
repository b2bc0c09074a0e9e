package dev.otherix.backup.offsite.store;

import java.util.Map;
import java.util.TreeMap;

/** The parts of an AWS credentials or config file, with their properties. What is not understood is passed over. */
final class Profiles {

    /** In bytes; a larger file is another one. */
    static final int LARGEST = 1 << 20;

    private static final String PREFIX = "profile ";

    private Profiles() {}

    static Map<String, Map<String, String>> in(String text) {
        var profiles = new TreeMap<String, Map<String, String>>();
        Map<String, String> current = new TreeMap<>();
        for (var line : text.lines().map(String::strip).toList()) {
            if (line.startsWith("[") && line.contains("]")) {
                var name = line.substring(1, line.indexOf(']')).strip();
                current = profiles.computeIfAbsent(
                        name.startsWith(PREFIX)
                                ? name.substring(PREFIX.length()).strip()
                                : name,
                        _ -> new TreeMap<>());
            } else if (!line.startsWith("#") && !line.startsWith(";") && line.contains("=")) {
                var end = line.indexOf('=');
                current.put(
                        line.substring(0, end).strip(), line.substring(end + 1).strip());
            }
        }
        return profiles;
    }
}
