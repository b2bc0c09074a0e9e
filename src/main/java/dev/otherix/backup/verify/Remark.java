package dev.otherix.backup.verify;

/**
 * A note about a file that does not make it bad.
 *
 * @param code a stable word, for programs; the documentation of verification lists them
 * @param message what was found, and what to do about it; never the value of a key
 */
public record Remark(String code, String message) {}
