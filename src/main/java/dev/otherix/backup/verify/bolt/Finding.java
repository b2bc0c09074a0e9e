package dev.otherix.backup.verify.bolt;

import org.jspecify.annotations.Nullable;

/**
 * One fault of a file: in its format, or in its content.
 *
 * @param code a stable word, for programs; the documentation of verification lists them
 * @param page the page of the database where it was found, null if it concerns the whole file
 * @param bucket the bucket that it is in, null if it is in none
 * @param message what was expected and what was found, with the position of the element if it concerns one; never the
 *     value of a key
 */
public record Finding(
        String code, @Nullable Long page, @Nullable String bucket, String message) {}
