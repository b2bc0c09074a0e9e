package dev.otherix.backup.snapshot;

import java.util.Objects;

/**
 * An upload that has begun and may not have ended: if the process dies, its parts stay in the store until it is
 * aborted.
 *
 * @param id the store's id of the upload
 */
public record OpenUpload(Target target, String key, String id) {

    public OpenUpload {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(id, "id");
    }
}
