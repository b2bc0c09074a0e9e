package dev.otherix.backup.cli;

import dev.otherix.backup.history.Change;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words for what a change does: {@code put} and {@code delete}. */
final class OpConverter implements ITypeConverter<Change.Op> {

    static String word(Change.Op op) {
        return op.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Change.Op convert(String text) {
        return Arrays.stream(Change.Op.values())
                .filter(op -> word(op).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is neither put nor delete"));
    }
}
