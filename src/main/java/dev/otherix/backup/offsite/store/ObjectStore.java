package dev.otherix.backup.offsite.store;

import dev.otherix.backup.snapshot.Target;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps objects under keys: texts of ASCII letters, digits and {@code -_./}, where a slash makes folders for the eye
 * only. An object appears whole or not at all. Safe for use by several threads.
 *
 * <p>Every method ends within a limit of its own and throws {@link StoreFailure} when the store refuses, does not
 * answer, or answers nonsense. An interrupt of the thread ends it early, with a failure of the code
 * {@link StoreFailure.Code#INTERRUPTED}. Memory stays bounded, whatever the store sends.
 */
public interface ObjectStore extends AutoCloseable {

    Target target();

    /** The place, for messages: {@code s3://BUCKET} or {@code file:///PATH}; without secrets. */
    String place();

    /** The options of the commands that name it from any machine, for keys below {@code prefix}. */
    List<String> words(String prefix);

    /**
     * Asks a signed question without a body: whether objects below {@code prefix} can be listed. It fails with the true
     * reason where an upload would only be cut off.
     */
    void probe(String prefix);

    /**
     * Passes each object whose key starts with {@code prefix} to {@code each}, in the store's order, while the caller
     * waits; perhaps on another thread. A key may have any name that a store allows.
     */
    void list(String prefix, Consumer<StoredObject> each);

    /** The object under {@code key}; with a version id that version; empty if the store says that there is none. */
    Optional<StoredObject> find(String key, @Nullable String versionId);

    /**
     * Stores a small object.
     *
     * @param onlyNew whether it fails with {@link StoreFailure.Code#EXISTS} if the key has an object
     */
    default StoredObject put(String key, byte[] content, boolean onlyNew) {
        return put(key, content, onlyNew, null);
    }

    /**
     * The same with a lock.
     *
     * @param lock null for none. A store may drop it without a word: ask for the {@link #protection} afterwards
     */
    StoredObject put(String key, byte[] content, boolean onlyNew, @Nullable ObjectLock lock);

    /**
     * Begins an object whose parts follow one by one; it appears under its key when it is completed.
     *
     * @param lock null for none; as with {@link #put(String, byte[], boolean, ObjectLock)}
     * @param began is given the id of the upload before the first part is sent, so that it can be ended after a crash
     */
    Upload begin(String key, @Nullable ObjectLock lock, Consumer<String> began);

    /** The same without a lock. */
    default Upload begin(String key, Consumer<String> began) {
        return begin(key, null, began);
    }

    /** Removes what is left of an upload that was never completed; one that is gone is no failure. */
    void abort(String key, String uploadId);

    /**
     * Opens an object for reading, from {@code offset}, at most {@code length} bytes.
     *
     * @param versionId the version to read; null for the newest
     * @throws StoreFailure with {@link StoreFailure.Code#NO_SUCH_OBJECT} if the store says that there is none; reads of
     *     the stream throw it too
     */
    InputStream read(String key, @Nullable String versionId, long offset, long length);

    /**
     * Removes one version of an object for good, and never goes round a lock. One that is gone is no failure.
     *
     * @param versionId null for the newest version; then nothing is hidden instead of removed
     * @throws StoreFailure with {@link StoreFailure.Code#HELD} if a lock or a legal hold keeps it, and with
     *     {@link StoreFailure.Code#DENIED} if the credentials may not do this
     */
    void delete(String key, @Nullable String versionId);

    /**
     * Passes each version and each delete marker whose key starts with {@code prefix} to {@code each}, while the caller
     * waits; perhaps on another thread. A store that keeps no versions has one of each object.
     */
    void versions(String prefix, Consumer<StoredVersion> each);

    /**
     * What keeps an object from being removed.
     *
     * @param versionId null for the newest version
     * @throws StoreFailure with {@link StoreFailure.Code#NO_SUCH_OBJECT} if the store says that there is none
     */
    Protection protection(String key, @Nullable String versionId);

    /** @throws StoreFailure if the store says that nothing can be locked there; a store may not say */
    void requireLocks();

    /**
     * Locks an object that is there. Ask for the {@link #protection} afterwards.
     *
     * @param versionId null for the newest version
     */
    void lock(String key, @Nullable String versionId, ObjectLock lock);

    @Override
    void close();

    /** An upload in parts. Closing it before it is completed removes what was sent. Used by one thread. */
    interface Upload extends AutoCloseable {

        /** The smallest size of a part but the last, in bytes. */
        int SMALLEST_PART = 5 << 20;

        /**
         * Sends the next part: {@code length} bytes from the start of {@code bytes}, at least {@link #SMALLEST_PART}
         * unless it is the last.
         *
         * @param sent is given the number of bytes of each piece that leaves, also when a piece is sent again, and may
         *     wait to slow down; it is called by another thread while the caller waits
         */
        void part(byte[] bytes, int length, LongConsumer sent);

        /** Makes the object appear. Settles a lost answer by looking whether the object is there. */
        StoredObject complete();

        @Override
        void close();
    }
}
