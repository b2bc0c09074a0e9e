package dev.otherix.backup.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.otherix.backup.history.Comparison;
import dev.otherix.backup.history.Key;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.verify.StoredRows;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether snapshots have the same history. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class,
        sortOptions = false,
        exitCodeOnExecutionException = ExitCode.NOT_READ,
        description = {
            "Compares what snapshots hold: those of two members of a cluster, or of one",
            "member at two times. Same history, diverged (from which revision on, and in",
            "which key), or not comparable. Each is verified first. Reads only."
        },
        footer = {
            "",
            "Exit code: 0 same history, 1 diverged, not comparable or findings, 2 one could",
            "not be read, or bad usage."
        })
final class CompareCommand implements Callable<Integer> {

    private final PrintWriter out;
    private final PastFiles files;

    @Parameters(arity = "2..*", paramLabel = "FILE", description = "two snapshots or more; a link is followed")
    private List<Path> named = new ArrayList<>();

    @Option(
            names = {"--raw", "--skip-hash-check"},
            description = "they are copies of a member's own snap/db, which has no checksum at its end")
    private boolean raw;

    @Mixin
    private OutputOption output = new OutputOption();

    CompareCommand(PrintWriter out, PastFiles files) {
        this.out = out;
        this.files = files;
    }

    /** The answer for programs. */
    private record Answer(
            String result,
            @Nullable Long revision,
            @Nullable String key,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String keyBase64,

            @Nullable String reason) {}

    @Override
    public Integer call() {
        var found = compare(new ArrayList<>());
        if (output.isJson()) {
            OutputFormat.json(found, out);
        } else {
            out.println(text(found));
        }
        PastFiles.requireWritten(out);
        return found.result().equals("same") ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** Opens one after the other, so that each is closed whatever happens to the next. */
    private Answer compare(List<ProvenFile> opened) {
        if (opened.size() < named.size()) {
            return files.open(named.get(opened.size()), raw, file -> {
                opened.add(file);
                return compare(opened);
            });
        }
        List<StoredRows> rows = opened.stream().map(ProvenFile::rows).toList();
        return answer(files.withProgress(opened.getFirst(), progress -> Comparison.of(rows, progress)), opened);
    }

    private static Answer answer(Comparison.Result result, List<ProvenFile> opened) {
        return switch (result) {
            case Comparison.Result.Same(var revision) -> new Answer("same", revision, null, null, null);
            case Comparison.Result.Diverged(var revision, var key) -> diverged(revision, key);
            case Comparison.Result.NotComparable(var later, var earlier) ->
                new Answer(
                        "not_comparable",
                        null,
                        null,
                        null,
                        "no revision is in all: " + opened.get(later).path() + " holds "
                                + opened.get(later).span().text() + ", "
                                + opened.get(earlier).path() + " holds "
                                + opened.get(earlier).span().text());
        };
    }

    private static Answer diverged(long revision, byte @Nullable [] key) {
        if (key == null) {
            return new Answer("diverged", revision, null, null, "a compaction has removed the first difference");
        }
        var text = Key.of(key).text();
        return new Answer(
                "diverged",
                revision,
                text.orElse(null),
                text.isPresent() ? null : Base64.getEncoder().encodeToString(key),
                null);
    }

    private static String text(Answer answer) {
        var key = answer.key() == null ? answer.keyBase64() : answer.key();
        return switch (answer.result()) {
            case "same" -> "same history up to revision " + answer.revision();
            case "diverged" ->
                key == null
                        ? "diverged at or before revision " + answer.revision() + ": " + answer.reason()
                        : "diverged at revision " + answer.revision() + ", key " + OutputFormat.printable(key);
            default -> "not comparable: " + OutputFormat.printable(String.valueOf(answer.reason()));
        };
    }
}
