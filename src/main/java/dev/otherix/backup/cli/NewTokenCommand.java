package dev.otherix.backup.cli;

import dev.otherix.backup.access.NewToken;
import dev.otherix.backup.access.Scope;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Makes a token and prints it, and below it the entry for the tokens file. Stores nothing, and needs no service. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        description = {
            "Prints a new token, then its entry for the file that api.tokens_file names.",
            "The token is on the first line, for its user."
        },
        footer = {
            "",
            "The token itself is stored nowhere; the entry holds only its SHA-256.",
            "For example: otherix-etcd-backup token new --name grafana --scope read"
        })
final class NewTokenCommand implements Callable<Integer> {

    private final PrintWriter out;

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            converter = Name.class,
            description = "who will use it, as in records and the audit log")
    private String name = "";

    @Option(
            names = "--scope",
            required = true,
            paramLabel = "SCOPE",
            converter = ScopeWord.class,
            description = {"read; operate, which includes read; or admin, which", "includes both"})
    private Scope scope = Scope.READ;

    @Option(
            names = "--expires-at",
            paramLabel = "TIME",
            converter = Time.class,
            description = {"from when it is refused, for example", "2027-01-31T00:00:00Z (default: never)"})
    private @Nullable Instant expiresAt;

    NewTokenCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        var made = NewToken.make(name, scope, expiresAt);
        out.println(made.text());
        out.print(made.entry());
        if (out.checkError()) {
            throw new CommandFailure(
                    "the token could not be written to standard output", "Check where the output goes.", null);
        }
        return ExitCode.DONE;
    }

    /** A name that the tokens file may hold. */
    static final class Name implements ITypeConverter<String> {

        @Override
        public String convert(String text) {
            if (!NewToken.isName(text)) {
                throw new TypeConversionException("'" + text
                        + "' is not 1 to 64 letters, digits, '.', '_', '@' and '-'," + " the first a letter or digit");
            }
            return text;
        }
    }

    /** A scope by its word. */
    static final class ScopeWord implements ITypeConverter<Scope> {

        @Override
        public Scope convert(String text) {
            return Scope.of(text)
                    .orElseThrow(
                            () -> new TypeConversionException("'" + text + "' is not one of read, operate, admin"));
        }
    }

    /** A time with its offset. */
    static final class Time implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException wrong) {
                throw new TypeConversionException("'" + text + "' is not a time such as 2027-01-31T00:00:00Z");
            }
        }
    }
}
