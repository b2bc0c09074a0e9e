package dev.otherix.backup.cli;

import dev.otherix.backup.history.NamedMoment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The moment that a command makes something of, by its revision or by its time. */
final class ToMoment {

    @Option(names = "--to-revision", paramLabel = "R", description = "the state after this revision")
    private @Nullable String revision;

    @Option(
            names = "--to-time",
            paramLabel = "T",
            description = "the state at a time with its offset (2026-06-06T03:15:00Z), or so long ago (45m)")
    private @Nullable String time;

    /** The moment; empty if none is named. */
    Optional<NamedMoment> moment(PastFiles files) {
        return files.revision("--to-revision", revision).or(() -> files.time("--to-time", time));
    }
}
