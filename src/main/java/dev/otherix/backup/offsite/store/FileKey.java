package dev.otherix.backup.offsite.store;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A key as the path of a file below a target.
 *
 * @param folders the names above the file
 */
record FileKey(List<String> folders, String file) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,254}");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    static FileKey of(String key) {
        var names = Arrays.asList(key.split("/", -1));
        if (!names.stream().allMatch(FileKey::isName)) {
            throw new IllegalArgumentException("no key: " + key);
        }
        return new FileKey(List.copyOf(names.subList(0, names.size() - 1)), names.getLast());
    }

    /** Whether a file or directory of this name can be a part of a key; files without a name yet are none. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static boolean isId(String uploadId) {
        return ID.matcher(uploadId).matches();
    }

    /** The file that an upload fills. */
    String unfinished(String uploadId) {
        return "." + file + "." + uploadId + ".tmp";
    }
}
