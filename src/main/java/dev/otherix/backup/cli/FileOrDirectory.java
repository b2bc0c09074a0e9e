package dev.otherix.backup.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which snapshot a command looks into. */
final class FileOrDirectory {

    @Parameters(
            index = "0",
            paramLabel = "FILE|DIR",
            description =
                    "a snapshot, or a directory: then the newest verified snapshot that holds each moment named; a "
                            + "link is followed")
    private Path path = Path.of("");

    @Option(
            names = {"--raw", "--skip-hash-check"},
            description = "the file is a copy of a member's own snap/db, which has no checksum at its end")
    private boolean raw;

    private @Nullable SourceOptions source;

    /** Which may be a copy too, from where these options say. */
    FileOrDirectory orFrom(SourceOptions options, List<String> settings) {
        options.configuredBy(settings);
        source = options;
        return this;
    }

    /**
     * The copy that is named; empty for a file or a directory.
     *
     * @throws CommandFailure if there is no telling where it is, or options are given that only mean something then
     */
    Optional<CopyName> copy() {
        var copy = CopyName.ofSource(path);
        if (copy.isPresent() && source == null) {
            throw new CommandFailure(
                    "this command takes a file or a directory, not " + path,
                    "Fetch it first: " + Program.NAME + " offsite fetch " + copy.get() + ". Then name the file.",
                    ExitCode.USAGE,
                    null);
        }
        if (copy.isEmpty() && source != null) {
            source.requireUnused();
        }
        return copy;
    }

    /** Where the copy is. */
    SourceOptions source() {
        return Objects.requireNonNull(source, "no copy is named");
    }

    Path path() {
        return path;
    }

    boolean raw() {
        return raw;
    }
}
