package dev.otherix.backup.offsite.store;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The storage classes whose objects cannot be read at once. */
final class Archives {

    private static final Set<String> CLASSES = Set.of("GLACIER", "DEEP_ARCHIVE");

    private Archives() {}

    /**
     * @param archiveStatus of an object whose class is chosen by the store
     * @param restore what the store says of a copy that can be read for some days
     */
    static boolean has(@Nullable String storageClass, @Nullable String archiveStatus, @Nullable String restore) {
        var there = restore != null && restore.contains("ongoing-request=\"false\"");
        var archived = archiveStatus != null || storageClass != null && CLASSES.contains(storageClass);
        return archived && !there;
    }

    /** Whether a new object of this class could not be read back. */
    static boolean isArchive(String storageClass) {
        return CLASSES.contains(storageClass.toUpperCase(java.util.Locale.ROOT));
    }
}
