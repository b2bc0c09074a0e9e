package dev.otherix.backup.cli;

import dev.otherix.backup.snapshot.SnapshotName;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The snapshot that a command is about: {@code pin} and {@code unpin} take the same name and make the same request. */
final class NamedSnapshot {

    private static final String LATEST = "latest";

    @Parameters(
            paramLabel = "NAME",
            converter = Name.class,
            description = "as list shows it, or latest for the newest verified one")
    private String name = "";

    /** Asks the service to pin or unpin the snapshot, and prints its name once that is done. */
    int pin(boolean pinned, Service service, PrintWriter out) {
        SnapshotName done;
        try (var client = new ServiceClient(service)) {
            done = client.pin(name, pinned);
        }
        out.println(done);
        if (out.checkError()) {
            throw new CommandFailure(
                    done + (pinned ? " is pinned" : " is unpinned")
                            + ", but its name could not be written to standard output",
                    "Check where the output goes.",
                    null);
        }
        return ExitCode.DONE;
    }

    /** A name, or a path that ends with one, as a shell completes it. */
    static final class Name implements ITypeConverter<String> {

        @Override
        public String convert(String text) {
            var name = String.valueOf(Path.of(text).getFileName());
            if (!name.equals(LATEST) && SnapshotName.parse(name).isEmpty()) {
                throw new TypeConversionException("'" + text
                        + "' is not the name of a snapshot such as otherix-20260606T031500Z.db, and not latest");
            }
            return name;
        }
    }
}
