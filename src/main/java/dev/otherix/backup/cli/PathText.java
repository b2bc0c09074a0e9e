package dev.otherix.backup.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A path on the command line. An empty one, as a failed {@code $(...)} leaves, would mean the working directory. */
final class PathText implements ITypeConverter<Path> {

    @Override
    public Path convert(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("it is empty; write . for the working directory");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException malformed) {
            throw new TypeConversionException("it is no path: " + malformed.getMessage());
        }
    }
}
