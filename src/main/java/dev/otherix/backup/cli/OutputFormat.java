package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The reader of a command's output. */
enum OutputFormat {
    /** For a person. */
    TEXT,
    /** For a program: one object, with the names from the records. */
    JSON;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            // a character that this character set lacks would break the JSON
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            // what was not written to its end must not look complete
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    /** Prints an object as JSON. */
    static void json(Object value, PrintWriter out) {
        MAPPER.writeValue(out, value);
        out.println();
    }

    /** Prints JSON piece by piece; closing it leaves {@code out} open. */
    static JsonGenerator json(PrintWriter out) {
        return MAPPER.createGenerator(out);
    }

    /** A text from a file, without characters that move the cursor or colour the screen. */
    static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Like {@link #printable}, for several lines. */
    static String printableLines(String text) {
        return text.lines().map(OutputFormat::printable).collect(Collectors.joining(System.lineSeparator()));
    }

    /** Takes {@code text} and {@code json}. */
    static final class Converter implements ITypeConverter<OutputFormat> {

        @Override
        public OutputFormat convert(String text) {
            return Arrays.stream(values())
                    .filter(format -> format.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is neither text nor json"));
        }
    }
}
