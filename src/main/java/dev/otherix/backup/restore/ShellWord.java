package dev.otherix.backup.restore;

import java.util.regex.Pattern;

/** A text as one word of a shell command. Names come from files that another person may have written. */
public final class ShellWord {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@%+=:,./_-]+");

    private ShellWord() {}

    /** The word as it is typed; in quotes where it needs them. A character that moves the cursor becomes {@code ?}. */
    public static String of(Object value) {
        var text = value.toString()
                .codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
