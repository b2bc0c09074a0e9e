package dev.otherix.backup.cli;

import dev.otherix.backup.history.Key;
import dev.otherix.backup.history.KeyAt;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.verify.RowCursor;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.Unmatched;

/** Prints one value as it was. Values are secrets. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        description = {
            "Prints the value of a key, as it was at any moment that a snapshot holds.",
            "Values are secrets. The snapshot is verified first. Needs no service and no",
            "etcd. Reads only."
        },
        footer = {
            "",
            "Exit code: 0 done, 1 the key is not there at that moment, or the snapshot does",
            "not hold it or has findings, 2 it could not be read, or bad usage."
        })
final class GetCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final OutputStream bytes;
    private final PastFiles files;

    @Mixin
    private FileOrDirectory named = new FileOrDirectory();

    @Parameters(index = "1", paramLabel = "KEY", description = "the key")
    private String key = "";

    @Mixin
    private StateOptions when = new StateOptions();

    @Option(
            names = {"-o", "--output", "-w", "--write-out"},
            paramLabel = "FORMAT",
            defaultValue = "raw",
            converter = FormatConverter.class,
            description = "raw: the bytes of the value and nothing else; or json (default: ${DEFAULT-VALUE})")
    private Format format = Format.RAW;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Unmatched
    private List<String> settings = new ArrayList<>();

    GetCommand(PrintWriter out, OutputStream bytes, PastFiles files) {
        this.out = out;
        this.bytes = bytes;
        this.files = files;
    }

    private enum Format {
        RAW,
        JSON
    }

    private static final class FormatConverter implements ITypeConverter<Format> {

        @Override
        public Format convert(String text) {
            return switch (text) {
                case "raw" -> Format.RAW;
                case "json" -> Format.JSON;
                default -> throw new TypeConversionException("'" + text + "' is neither raw nor json");
            };
        }
    }

    @Override
    public Integer call() {
        var moment = when.moment(files);
        return files.ask(
                named.orFrom(source, options.arguments(settings)),
                moment.stream().toList(),
                file -> print(file, moment));
    }

    private int print(ProvenFile file, Optional<NamedMoment> moment) throws IOException {
        var revision = files.revision(file, moment, file.span().last());
        var row = KeyAt.find(file.rows(), Key.of(key), revision)
                .orElseThrow(() -> new CommandFailure(
                        OutputFormat.printable(key) + " is not in " + file.path() + " at revision " + revision,
                        "To see whether it was there at another moment: " + Program.NAME + " history " + file.path()
                                + " KEY",
                        null));
        if (format == Format.JSON) {
            json(row);
        } else {
            raw(row);
        }
        PastFiles.requireWritten(out);
        return ExitCode.DONE;
    }

    private void raw(RowCursor row) throws IOException {
        row.writeValue(bytes);
        bytes.flush();
    }

    private void json(RowCursor row) throws IOException {
        try (var json = OutputFormat.json(out)) {
            json.writeStartObject();
            KeyJson.field(json, Key.of(key));
            json.writeNumberProperty("revision", row.revision());
            json.writeNumberProperty("create_revision", row.createRevision());
            json.writeNumberProperty("version", row.version());
            KeyJson.lease(json, row.lease());
            if (isText(row)) {
                json.writeName("value");
                json.writeString(text(row), -1);
            } else {
                json.writeName("value_base64");
                json.writeBinary(row.openValue(), Math.toIntExact(row.valueLength()));
            }
            json.writeEndObject();
        }
        out.println();
    }

    private static boolean isText(RowCursor row) throws IOException {
        try (var text = text(row)) {
            text.transferTo(Writer.nullWriter());
            return true;
        } catch (CharacterCodingException notText) {
            return false;
        }
    }

    private static Reader text(RowCursor row) {
        return new InputStreamReader(row.openValue(), StandardCharsets.UTF_8.newDecoder());
    }
}
