package dev.otherix.backup.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Turns the text of a setting into a value of its record component's type. */
final class SettingText {

    private static final Pattern HOST_AND_PORT = Pattern.compile("([\\w.-]+|\\[[0-9a-fA-F:.]+]):\\d{1,5}");
    private static final Pattern PORT = Pattern.compile("(?:.*:)?(\\d{1,5})");
    private static final int LARGEST_PORT = 65_535;

    private SettingText() {}

    /** @throws InvalidSetting if the text is not a value of that type */
    static Object value(String key, String text, Class<?> type) {
        if (text.isEmpty()) {
            throw new InvalidSetting(key, "\"\"", "is empty", "Give it a value, or remove it: then the default holds.");
        }
        if (type == Path.class) {
            ProcessLocale.ofThisProcess().refuses(List.of(text)).ifPresent(why -> {
                throw new InvalidSetting(key, text, "cannot be used: " + why, "Start it with LC_ALL=C.UTF-8.");
            });
        }
        try {
            return parse(text, type);
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            throw new InvalidSetting(
                    key, type == URI.class ? withoutUser(text) : text, problem(type, malformed), fix(type, text));
        }
    }

    private static Object parse(String text, Class<?> type) {
        if (isBoolean(type)) {
            return bool(text);
        }
        if (isNumber(type)) {
            return Integer.valueOf(text);
        }
        if (type.isEnum()) {
            return constant(text, type);
        }
        if (type == Duration.class) {
            return GoDuration.parse(text);
        }
        if (type == DataSize.class) {
            return DataSize.parse(text);
        }
        if (type == SizeOrShare.class) {
            return SizeOrShare.parse(text);
        }
        if (type == ListenAddress.class) {
            return ListenAddress.parse(text);
        }
        if (type == URI.class) {
            return url(text);
        }
        if (type == List.class) {
            return list(text);
        }
        return type == Path.class ? Path.of(text) : text;
    }

    private static URI url(String text) {
        if (!text.contains("://")) {
            throw new IllegalArgumentException("has no scheme");
        }
        try {
            return URI.create(text);
        } catch (IllegalArgumentException quotesTheText) {
            throw new IllegalArgumentException("is not a URL", quotesTheText);
        }
    }

    private static List<String> list(String text) {
        var entries = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        if (entries.contains("")) {
            throw new IllegalArgumentException("has an empty entry");
        }
        return entries;
    }

    private static boolean isNumber(Class<?> type) {
        return type == int.class || type == Integer.class;
    }

    private static boolean isBoolean(Class<?> type) {
        return type == boolean.class || type == Boolean.class;
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> true;
            case "false", "f", "0" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false");
        };
    }

    private static Object constant(String text, Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> word(constant).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is not one of " + words(type)));
    }

    private static String words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(SettingText::word).collect(Collectors.joining(", "));
    }

    private static String word(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    private static String problem(Class<?> type, RuntimeException e) {
        if (isNumber(type)) {
            return "is not a whole number";
        }
        if (type == DataSize.class) {
            return "is not a size";
        }
        return type == Path.class ? "is not a path" : message(e);
    }

    private static String message(RuntimeException e) {
        @Nullable String message = e.getMessage();
        return message == null ? "is not valid" : message;
    }

    /** A URL with a user and a password holds a secret. */
    private static String withoutUser(String url) {
        return url.replaceAll("[^/,]*@", "***@");
    }

    private static String fix(Class<?> type, String text) {
        if (isBoolean(type)) {
            return "Write true or false.";
        }
        if (isNumber(type)) {
            return "Write a whole number such as 7.";
        }
        if (type.isEnum()) {
            return "Write one of " + words(type) + ".";
        }
        if (type == Duration.class) {
            return "Write a number with its unit, for example 30s, 90m, 6h or 1h30m.";
        }
        if (type == DataSize.class) {
            return "Write a whole number with its unit, for example 50MB or 1GB.";
        }
        if (type == SizeOrShare.class) {
            return "Write a whole number with its unit, for example 512MB, or a percentage such as 5%.";
        }
        if (type == URI.class) {
            return HOST_AND_PORT.matcher(text).matches()
                    ? "Write http://" + text + ", or https://" + text + " where TLS is on."
                    : "Write scheme, host and port, for example http://127.0.0.1:2379.";
        }
        if (type == List.class) {
            return "Write the entries with commas between them, or as a list.";
        }
        return type == ListenAddress.class
                ? "Write host:port, for example 127.0.0.1:" + port(text) + " or [::1]:" + port(text) + "."
                : "Correct the value.";
    }

    /** The port that was meant by a text without a host, or with a wrong one. */
    private static String port(String text) {
        var port = PORT.matcher(text);
        return port.matches() && Integer.parseInt(port.group(1)) <= LARGEST_PORT ? port.group(1) : "8092";
    }
}
