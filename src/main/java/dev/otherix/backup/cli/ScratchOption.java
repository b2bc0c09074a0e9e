package dev.otherix.backup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command that sorts keys puts its temporary files. */
final class ScratchOption {

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description =
                    "where temporary files go, readable by their owner only (default: Java's own directory for them)")
    private @Nullable Path directory;

    Path directory() {
        return directory == null ? Path.of(System.getProperty("java.io.tmpdir")) : directory;
    }
}
