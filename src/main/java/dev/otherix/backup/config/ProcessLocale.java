package dev.otherix.backup.config;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The encoding of paths and arguments, which Java takes from the process's locale at its start. ASCII is the same in
 * every locale. If the locale does not use UTF-8, other characters are broken, or name another file.
 */
public final class ProcessLocale {

    private final Charset encoding;
    private final Map<String, String> environment;

    ProcessLocale(String encoding, Map<String, String> environment) {
        this.encoding = Charset.forName(encoding);
        this.environment = environment;
    }

    /** The locale of this process. */
    public static ProcessLocale ofThisProcess() {
        return new ProcessLocale(System.getProperty("sun.jnu.encoding", "UTF-8"), System.getenv());
    }

    /** Why one of {@code texts} cannot be used, and what to do; empty if all can be used. */
    public Optional<String> refuses(Collection<String> texts) {
        var fits = encoding.equals(StandardCharsets.UTF_8)
                || texts.stream().allMatch(text -> text.chars().allMatch(c -> c < 128));
        return fits
                ? Optional.empty()
                : Optional.of("the locale of this process (" + name() + ") has no UTF-8, and Java takes the encoding of"
                        + " paths and arguments from it; start it with LC_ALL=C.UTF-8");
    }

    /** In the system's order of lookup. */
    private String name() {
        return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                .filter(variable -> !environment.getOrDefault(variable, "").isEmpty())
                .findFirst()
                .map(variable -> variable + "=" + environment.get(variable))
                .orElse("none set: POSIX");
    }
}
