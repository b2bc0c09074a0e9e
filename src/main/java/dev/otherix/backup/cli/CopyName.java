package dev.otherix.backup.cli;

import dev.otherix.backup.snapshot.SnapshotName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The name of an off-site copy.
 *
 * @param name empty: the latest
 */
record CopyName(Optional<SnapshotName> name) {

    /** The newest one to restore. */
    static final CopyName LATEST = new CopyName(Optional.empty());

    private static final String SOURCE = "offsite:";
    private static final String LATEST_WORD = "latest";

    /** What {@code text} names; empty if that is no name. */
    static Optional<CopyName> parse(String text) {
        return text.equals(LATEST_WORD)
                ? Optional.of(LATEST)
                : SnapshotName.parse(text).map(name -> new CopyName(Optional.of(name)));
    }

    /**
     * The copy where a file could be named: {@code offsite:NAME}; empty for a file.
     *
     * @throws CommandFailure if it is no name of a copy
     */
    static Optional<CopyName> ofSource(Path named) {
        var text = named.toString();
        if (!text.startsWith(SOURCE)) {
            return Optional.empty();
        }
        return Optional.of(parse(text.substring(SOURCE.length()))
                .orElseThrow(() -> new CommandFailure(
                        OutputFormat.printable(text) + " is neither offsite:latest nor offsite: with the name of a "
                                + "snapshot",
                        "Names look like offsite:otherix-20260606T031500Z.db. A file with such a name is ./"
                                + OutputFormat.printable(text) + ".",
                        ExitCode.USAGE,
                        null)));
    }

    @Override
    public String toString() {
        return name.map(SnapshotName::toString).orElse(LATEST_WORD);
    }
}
