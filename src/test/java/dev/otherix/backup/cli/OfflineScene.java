package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run of a command that needs no service, and what it printed. */
final class OfflineScene {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int exitCode;

    private OfflineScene(Optional<Path> configured, OffsitePlaces places, Writer alsoTold, String... args) {
        exitCode = new Commands(
                        _ -> {
                            throw new AssertionError("no service is needed");
                        },
                        settings -> {
                            assertThat(settings).isSubsetOf("--config", "backup.yaml", "--workers.backup.retention=3");
                            return configured;
                        },
                        Commands::noMember,
                        places,
                        new Commands.Printed(
                                new PrintWriter(new Both(out, alsoTold), true), new PrintWriter(err, true), bytes),
                        Duration.ofSeconds(10))
                .run(args);
    }

    static OfflineScene run(String... args) {
        return new OfflineScene(Optional.empty(), OffsitePlaces.NONE, Writer.nullWriter(), args);
    }

    static OfflineScene configured(Path directory, String... args) {
        return new OfflineScene(Optional.of(directory), OffsitePlaces.NONE, Writer.nullWriter(), args);
    }

    /** With copies in these places. */
    static OfflineScene offsite(OffsitePlaces places, String... args) {
        return new OfflineScene(Optional.empty(), places, Writer.nullWriter(), args);
    }

    /** What is printed goes to {@code told} too. */
    static OfflineScene printingTo(Writer told, String... args) {
        return new OfflineScene(Optional.empty(), OffsitePlaces.NONE, told, args);
    }

    int exitCode() {
        return exitCode;
    }

    String out() {
        return out.toString();
    }

    /** What was printed that is no text. */
    byte[] bytes() {
        return bytes.toByteArray();
    }

    String err() {
        return err.toString();
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out());
    }

    /** The files of a directory with what a change of any would change. */
    static Map<String, FileTime> state(Path directory) {
        var state = new TreeMap<String, FileTime>();
        try (var entries = Files.list(directory)) {
            for (var entry : entries.toList()) {
                state.put(entry.getFileName().toString(), Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS));
            }
            state.put(".", Files.getLastModifiedTime(directory));
            return state;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static final class Both extends Writer {

        private final Writer one;
        private final Writer other;

        private Both(Writer one, Writer other) {
            this.one = one;
            this.other = other;
        }

        @Override
        public void write(char[] characters, int from, int length) throws IOException {
            one.write(characters, from, length);
            other.write(characters, from, length);
        }

        @Override
        public void flush() throws IOException {
            other.flush();
        }

        @Override
        public void close() {
            // nothing to close
        }
    }
}
