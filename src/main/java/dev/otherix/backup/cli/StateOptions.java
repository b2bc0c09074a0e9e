package dev.otherix.backup.cli;

import dev.otherix.backup.history.NamedMoment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which state a command shows: the last one, or that of a moment. */
final class StateOptions {

    @Option(
            names = {"--revision", "--rev"},
            paramLabel = "R",
            description = "as it was at this revision (default: the last one)")
    private @Nullable String revision;

    @Option(
            names = "--at",
            paramLabel = "T",
            description = "as it was at this time: 2026-06-06T03:15:00Z, or 45m for 45 minutes ago")
    private @Nullable String time;

    /** The moment that was named; empty for the last one. */
    Optional<NamedMoment> moment(PastFiles files) {
        if (revision != null && time != null) {
            throw new CommandFailure(
                    "--revision and --at cannot be combined", "Give one of them.", ExitCode.USAGE, null);
        }
        return revision == null ? files.time("--at", time) : files.revision("--revision", revision);
    }
}
