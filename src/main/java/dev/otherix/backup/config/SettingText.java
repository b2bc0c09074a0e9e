package dev.otherix.backup.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** Turns the text of a setting into a value of its record component's type. */
final class SettingText {

    private SettingText() {
    }

    /** @throws InvalidSetting if the text does not say a value of that type */
    static Object value(String key, String text, Class<?> type) {
        if (text.isEmpty()) {
            throw new InvalidSetting(key, "\"\"", "is empty", "Give it a value, or remove it: then the default holds.");
        }
        try {
            return parse(text, type);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new InvalidSetting(key, text, problem(type, e), fix(type));
        }
    }

    private static Object parse(String text, Class<?> type) {
        if (type == boolean.class) {
            return bool(text);
        }
        if (type == int.class) {
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
        if (type == ListenAddress.class) {
            return ListenAddress.parse(text);
        }
        if (type == URI.class) {
            return URI.create(text);
        }
        return type == Path.class ? Path.of(text) : text;
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> true;
            case "false", "f", "0" -> false;
            default -> throw new IllegalArgumentException("is neither true nor false");
        };
    }

    private static Object constant(String text, Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).filter(constant -> word(constant).equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is none of " + words(type)));
    }

    private static String words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(SettingText::word).collect(Collectors.joining(", "));
    }

    private static String word(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    private static String problem(Class<?> type, RuntimeException e) {
        if (type == int.class) {
            return "is not a whole number";
        }
        if (type == DataSize.class) {
            return "is not a size";
        }
        if (type == URI.class) {
            return "is not a URL";
        }
        return type == Path.class ? "is not a path" : message(e);
    }

    private static String message(RuntimeException e) {
        @Nullable String message = e.getMessage();
        return message == null ? "is not valid" : message;
    }

    private static String fix(Class<?> type) {
        if (type == boolean.class) {
            return "Write true or false.";
        }
        if (type == int.class) {
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
        return type == ListenAddress.class ? "Write host:port, for example 127.0.0.1:8090 or [::1]:8090."
                : "Correct the value.";
    }
}
