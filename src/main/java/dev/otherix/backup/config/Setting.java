package dev.otherix.backup.config;

/**
 * One key with its text from a source.
 *
 * @param key full name, for example {@code workers.backup.interval}
 * @param text the value as text; empty if the source leaves it empty
 * @param source the place, in words that end a sentence: {@code /etc/otherix/backup.yaml, line 3}
 */
public record Setting(String key, String text, String source) {}
