package dev.otherix.backup.offsite.store;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stores mean that have no code of their own for it. */
final class S3Words {

    static final String NO_SUCH_VERSION = "NoSuchVersion";

    private static final Pattern LOCK =
            Pattern.compile("object.?lock|\\bworm\\b|legal.?hold|retention|retain", Pattern.CASE_INSENSITIVE);
    private static final Pattern VERSION = Pattern.compile("version.?id", Pattern.CASE_INSENSITIVE);

    private S3Words() {}

    /** Whether they name a lock as the reason. */
    static boolean nameALock(@Nullable String code, @Nullable String message) {
        return LOCK.matcher(code + " " + message).find();
    }

    /** The code that is meant: an id that another store gave out is malformed to some. */
    static String code(String code, @Nullable String message) {
        return code.equals("InvalidArgument")
                        && message != null
                        && VERSION.matcher(message).find()
                ? NO_SUCH_VERSION
                : code;
    }
}
