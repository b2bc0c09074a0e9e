package dev.otherix.backup.cli;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.RecordBeside;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.history.State;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens the snapshot that a command looks into: chooses it where a directory is named, and proves it. What a person has
 * to know about the answer goes to standard error: which file it is, which mark stands for a time, what may be missing.
 */
final class PastFiles {

    private static final String TORN = "meta_torn";

    private final PrintWriter err;
    private final ProgressBar bar;
    private final Waits waits;
    private final Clock clock;
    private final UnprovenFiles unproven;
    private final OffsiteSources sources;

    PastFiles(PrintWriter err, ProgressBar bar, Waits waits, Clock clock, OffsitePlaces places) {
        this.err = err;
        this.bar = bar;
        this.waits = waits;
        this.clock = clock;
        this.sources = new OffsiteSources(this, places, clock);
        this.unproven = new UnprovenFiles(waits, this::say, sources);
    }

    /** Answers a question from a proven file. */
    interface Question {

        int answer(ProvenFile file) throws IOException;
    }

    /** Long work on a file that prints nothing. */
    interface Work<T> {

        /** @param progress gets the share that is done, from 0 to 1 */
        T run(DoubleConsumer progress);
    }

    /**
     * The moment that the text of an option names; empty without one.
     *
     * @throws CommandFailure if it names none
     */
    Optional<NamedMoment> moment(String option, @Nullable String text) {
        return parsed(option, text, NamedMoment::parse);
    }

    /** Like {@link #moment}, for a time only. */
    Optional<NamedMoment> time(String option, @Nullable String text) {
        return parsed(option, text, NamedMoment::parseTime);
    }

    /** Like {@link #moment}, for a revision only. */
    Optional<NamedMoment> revision(String option, @Nullable String text) {
        return parsed(option, text, (revision, _) -> NamedMoment.parseRevision(revision));
    }

    private interface Parser {
        NamedMoment parse(String text, Clock clock);
    }

    private Optional<NamedMoment> parsed(String option, @Nullable String text, Parser parser) {
        try {
            return Optional.ofNullable(text).map(named -> parser.parse(named, clock));
        } catch (IllegalArgumentException malformed) {
            throw new CommandFailure(
                    option + " " + OutputFormat.printable(String.valueOf(text)) + ": it " + malformed.getMessage(),
                    "A revision is a number such as 812. A time is 2026-06-06T03:15:00Z, or 45m for 45 minutes ago.",
                    ExitCode.USAGE,
                    malformed);
        }
    }

    /**
     * Asks the file.
     *
     * @param moments those that it has to hold
     * @throws dev.otherix.backup.history.Refused if it does not hold them, or has findings
     * @throws CommandFailure if it cannot be read
     */
    int ask(FileOrDirectory named, List<NamedMoment> moments, Question question) {
        return unproven.work(named, moments, path -> ask(path, named.raw(), question));
    }

    /** The files, before they are proven. */
    UnprovenFiles unproven() {
        return unproven;
    }

    /** The copies, which are fetched for a while. */
    OffsiteSources sources() {
        return sources;
    }

    private int ask(Path path, boolean raw, Question question) throws IOException {
        try (var file = proven(path, raw)) {
            file.proof().remarks().stream()
                    .filter(remark -> remark.code().equals(TORN))
                    .forEach(remark -> say(remark.message() + "; the last write may be missing"));
            return question.answer(file);
        }
    }

    private ProvenFile proven(Path path, boolean raw) throws IOException {
        try (var _ = waits.on(path);
                var progress = bar.begin(String.valueOf(path.getFileName()), Files.size(path))) {
            return ProvenFile.open(path, raw, progress::at);
        }
    }

    /** Says after a while that a thing has not answered, until the result is closed. */
    Waits.Wait waitFor(Path thing) {
        return waits.on(thing);
    }

    /** Shows the progress of reading a file of so many bytes. */
    ProgressBar.Work progress(Path path, long bytes) {
        return bar.begin(String.valueOf(path.getFileName()), bytes);
    }

    /** Shows the progress of work that begins after the proof. */
    <T> T withProgress(ProvenFile file, Work<T> work) {
        var size = file.proof().sizeBytes();
        try (var _ = waits.on(file.path());
                var progress = bar.begin(String.valueOf(file.path().getFileName()), size)) {
            return work.run(share -> progress.at((long) (share * size)));
        }
    }

    /** Like {@link #ask}, for a file, and an answer of any kind. */
    <T> T open(Path path, boolean raw, Opened<T> use) {
        return unproven.work(path, file -> {
            try (var opened = proven(file, raw)) {
                return use.with(opened);
            }
        });
    }

    /** Like {@link #open}, for a snapshot whose facts and details are wanted too. */
    <T> T openWithDetails(Path path, Opened<T> use) {
        return unproven.work(path, file -> {
            try (var _ = waits.on(file);
                    var progress = progress(file, Files.size(file));
                    var opened = ProvenFile.openWithDetails(file, progress::at)) {
                return use.with(opened);
            }
        });
    }

    /** Uses a proven file. */
    interface Opened<T> {

        T with(ProvenFile file) throws IOException;
    }

    /**
     * The revision of the state at a moment; says how far it is from a time that was named.
     *
     * @param otherwise what it is where no moment is named
     */
    long revision(ProvenFile file, Optional<NamedMoment> moment, long otherwise) {
        return moment.map(named -> revision(named, file.span().state(named))).orElse(otherwise);
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Like the other method, for a file that nobody has proven: by the record beside it.
     *
     * @param byRevision the option that names the moment by its revision, for messages
     */
    long revisionByRecord(String byRevision, Path file, NamedMoment moment) {
        return switch (moment) {
            case NamedMoment.Revision(var named) -> named;
            case NamedMoment.Time time ->
                RecordBeside.of(real(file))
                        .span(file)
                        .map(span -> revision(time, span.state(time)))
                        .orElseThrow(() -> new Refused(
                                file + " does not show when its revisions were, so " + time + " cannot be found in it",
                                "The times are in the record beside a snapshot, otherix-<time>.json. Or use "
                                        + byRevision + "."));
        };
    }

    private long revision(NamedMoment named, State state) {
        if (state.mark() != null) {
            say(named + " is revision " + state.revision() + ", known from "
                    + state.mark().time() + ", "
                    + GoDuration.format(state.distance().truncatedTo(ChronoUnit.MILLIS)) + " before");
        }
        return state.revision();
    }

    /** @throws CommandFailure if the answer did not get to its reader */
    static void requireWritten(PrintWriter out) {
        if (out.checkError()) {
            throw new CommandFailure(
                    "the result could not be written to standard output",
                    "Check where the output goes.",
                    ExitCode.FAILED,
                    null);
        }
    }

    /** Says something about the answer, on standard error. */
    void say(String text) {
        err.println(Program.NAME + ": " + OutputFormat.printable(text));
        err.flush();
    }
}
