package dev.otherix.backup.cli;

import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.ProvenFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a snapshot's past between two moments that two options name. Without the first one it begins where the
 * snapshot's past begins, without the second one it ends where that ends.
 */
final class NamedSpan {

    private final PastFiles files;
    private final String begin;
    private final Optional<NamedMoment> after;
    private final String end;
    private final Optional<NamedMoment> upTo;

    /**
     * Reads the texts of both options, with times as they are now.
     *
     * @throws CommandFailure if one names no moment
     */
    NamedSpan(PastFiles files, String begin, @Nullable String after, String end, @Nullable String upTo) {
        this.files = files;
        this.begin = begin;
        this.after = files.moment(begin, after);
        this.end = end;
        this.upTo = files.moment(end, upTo);
    }

    /** The states that a file has to hold. */
    List<NamedMoment> moments() {
        return Stream.of(after, upTo).flatMap(Optional::stream).toList();
    }

    /** The revisions of the two states. */
    record Revisions(long after, long upTo) {}

    /**
     * What it is in a file.
     *
     * @throws CommandFailure if it ends before it begins
     */
    Revisions in(ProvenFile file) {
        var span = file.span();
        var found = new Revisions(files.revision(file, after, span.first()), files.revision(file, upTo, span.last()));
        if (found.after() > found.upTo()) {
            throw new CommandFailure(
                    begin + " is revision " + found.after() + ", which is after " + end + ", revision " + found.upTo(),
                    "Exchange them.",
                    ExitCode.USAGE,
                    null);
        }
        return found;
    }
}
