package dev.otherix.backup.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.scanner.ScannerException;

/** Reads one YAML file into settings, with the line of each. Knows nothing of which keys are meant. */
final class YamlFile {

    private static final int LARGEST = 1 << 20;

    private YamlFile() {
    }

    /** @throws UnusableConfigFile if it is not one YAML document that maps keys to values; comments alone are fine */
    static List<Setting> read(Path file) {
        byte[] bytes = bytes(file);
        String text = text(file, bytes);
        if (text.isBlank()) {
            throw new UnusableConfigFile(file, null, "is empty", "Restore its content, or remove the file.", null);
        }
        List<PropertySource<?>> documents = documents(file, bytes);
        if (documents.size() > 1) {
            throw new UnusableConfigFile(file, null, "holds " + documents.size() + " YAML documents",
                    "Keep one document: remove the lines that are only ---.", null);
        }
        return documents.stream().flatMap(document -> settings(file, document).stream()).toList();
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new UnusableConfigFile(file, null, "is larger than 1 MiB", "Name the right file.", null);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new UnusableConfigFile(file, null, "does not exist", "Correct the path, or create the file.", e);
        } catch (IOException e) {
            throw new UnusableConfigFile(file, null, "cannot be read (" + reason(file, e) + ")",
                    "Name a file, and let this service's user read it.", e);
        }
    }

    private static String reason(Path file, IOException e) {
        return Files.isDirectory(file) ? "a directory" : e.getClass().getSimpleName();
    }

    private static String text(Path file, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().replace("\ufeff", "");
        } catch (CharacterCodingException e) {
            throw new UnusableConfigFile(file, null, "is not UTF-8 text", "Save it as UTF-8.", e);
        }
    }

    private static List<PropertySource<?>> documents(Path file, byte[] bytes) {
        try {
            return new YamlPropertySourceLoader().load(file.toString(), new ByteArrayResource(bytes));
        } catch (MarkedYAMLException e) {
            // The cause is left out: its message quotes the line, which may hold a secret.
            throw new UnusableConfigFile(file, line(e.getProblemMark()), problem(e), "Correct the line.", null);
        } catch (YAMLException | IOException | IllegalStateException e) {
            throw new UnusableConfigFile(file, null, "is not valid YAML", "Correct the file.", null);
        } catch (StackOverflowError e) {
            throw new UnusableConfigFile(file, null, "has a part that holds itself", "Remove the alias.", null);
        }
    }

    private static String problem(MarkedYAMLException e) {
        if (e instanceof DuplicateKeyException) {
            return "has a key twice: " + Objects.toString(e.getProblem()).replace("found duplicate key ", "");
        }
        return "is not valid YAML" + (e instanceof ScannerException ? ": " + e.getProblem() : "");
    }

    private static @Nullable Integer line(@Nullable Mark mark) {
        return mark == null ? null : mark.getLine() + 1;
    }

    private static List<Setting> settings(Path file, PropertySource<?> document) {
        String[] keys = ((EnumerablePropertySource<?>) document).getPropertyNames();
        if (keys.length > 0 && Arrays.stream(keys).allMatch(key -> key.matches("document(\\[.*)?"))) {
            throw new UnusableConfigFile(file, null, "does not map keys to values",
                    "Write lines such as key: value.", null);
        }
        return Arrays.stream(keys).map(key -> setting(file, document, key)).toList();
    }

    private static Setting setting(Path file, PropertySource<?> document, String key) {
        Origin origin = OriginLookup.getOrigin(document, key);
        String line = origin instanceof TextResourceOrigin text && text.getLocation() != null
                ? ", line " + (text.getLocation().getLine() + 1) : "";
        return new Setting(key, Objects.toString(document.getProperty(key), ""), file + line);
    }
}
