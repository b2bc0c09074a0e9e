package dev.otherix.backup.verify.bolt;

import org.jspecify.annotations.Nullable;

/**
 * One place where a file departs from the format.
 *
 * @param code a word that stays the same, for programs
 * @param page the page where it was seen, null where it is of the file as a whole
 * @param bucket the bucket that the page belongs to, null where it belongs to none
 * @param message what was expected and what is there, with the position of the element where it is one element
 */
public record BoltFinding(
        String code, @Nullable Long page, @Nullable String bucket, String message) {}
