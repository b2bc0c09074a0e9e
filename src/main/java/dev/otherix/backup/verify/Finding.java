package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFinding;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a file.
 *
 * @param code a word that stays the same, for programs; the documentation of verification lists them
 * @param page the page of the database where it was seen, null where it is of the file as a whole
 * @param bucket the bucket that it is in, null where it is in none
 * @param message what was expected and what is there; never the value of a key
 */
public record Finding(
        String code, @Nullable Long page, @Nullable String bucket, String message) {

    static Finding of(BoltFinding structure) {
        return new Finding(structure.code(), structure.page(), structure.bucket(), structure.message());
    }
}
