package dev.otherix.backup.verify.bolt;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a file: with its format, or with what is stored in it.
 *
 * @param code a word that stays the same, for programs; the documentation of verification lists them
 * @param page the page of the database where it was seen, null where it concerns the file as a whole
 * @param bucket the bucket that it is in, null where it is in none
 * @param message what was expected and what is there, with the position of the element where it is one element; never
 *     the value of a key
 */
public record Finding(
        String code, @Nullable Long page, @Nullable String bucket, String message) {}
