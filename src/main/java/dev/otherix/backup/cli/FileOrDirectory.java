package dev.otherix.backup.cli;

import java.nio.file.Path;
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

    Path path() {
        return path;
    }

    boolean raw() {
        return raw;
    }
}
