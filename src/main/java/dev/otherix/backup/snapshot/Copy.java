package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One off-site copy of a snapshot, as far as it is known here.
 *
 * @param target where it lies
 * @param key the key of the stored object
 * @param copiedAt when the stored object had been read back and was equal to what was sent
 * @param sizeBytes of the stored object, which is compressed and usually encrypted
 * @param sha256 of the stored object, lower-case hex
 * @param versionId the store's id for this version of the object; null if it keeps no versions
 * @param checkedAt when it was last read back; null if only after the upload
 * @param state what the last look at it showed
 */
public record Copy(
        Target target,
        String key,
        Instant copiedAt,
        long sizeBytes,
        String sha256,
        @Nullable String versionId,
        @Nullable Instant checkedAt,
        State state)
        implements Noted {

    public Copy {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(copiedAt, "copied_at");
        Objects.requireNonNull(sha256, "sha256");
        Objects.requireNonNull(state, "state");
    }

    @Override
    public Snapshot in(Snapshot snapshot) {
        return snapshot.with(this);
    }

    @Override
    public boolean isIn(Snapshot snapshot) {
        return snapshot.copies().contains(this);
    }

    /** The same copy after a look at it. */
    public Copy seen(State state, @Nullable Instant checkedAt) {
        return new Copy(target, key, copiedAt, sizeBytes, sha256, versionId, checkedAt, state);
    }

    /** What is known of a copy. */
    public enum State {
        /** It was read back and is equal. */
        COPIED,
        /** The store says that there is no such object. */
        MISSING,
        /** The bytes that were read differ. */
        CHANGED,
        /** It is in an archive class, which cannot be read at once. */
        ARCHIVED,
        /** It was removed on purpose. */
        REMOVED,
        /** It could not be read; that says nothing about it. */
        UNKNOWN;

        /** The word in records and API. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
