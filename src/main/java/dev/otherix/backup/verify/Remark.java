package dev.otherix.backup.verify;

/**
 * What is worth knowing of a file that it does not make bad.
 *
 * @param code a word that stays the same, for programs; the documentation of verification lists them
 * @param message what is there, and what to do about it; never the value of a key
 */
public record Remark(String code, String message) {}
