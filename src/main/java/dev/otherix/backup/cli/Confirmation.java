package dev.otherix.backup.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Has a person type the name of the cluster before its copies go. */
record Confirmation(BooleanSupplier terminal, InputStream input, PrintWriter err) {

    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");

    /** On standard input, where that is a terminal; known on Linux only. */
    static Confirmation onStandardInput(InputStream input, PrintWriter err) {
        return new Confirmation(() -> ProgressBar.isTerminal(STANDARD_INPUT), input, err);
    }

    /**
     * @param clusters whose copies go
     * @throws CommandFailure if nobody can be asked, or another name is typed
     */
    void require(Set<String> clusters, int copies) {
        if (clusters.size() > 1) {
            throw new CommandFailure(
                    "copies of " + clusters.size() + " clusters would go: " + String.join(", ", clusters),
                    "Name one: --cluster C. Nothing was removed.",
                    null);
        }
        if (!terminal.getAsBoolean()) {
            throw new CommandFailure(
                    "nobody can be asked: standard input is no terminal. Nothing was removed",
                    "If the list above is right, add --yes.",
                    ExitCode.USAGE,
                    null);
        }
        var cluster = clusters.iterator().next();
        err.print("To remove " + (copies == 1 ? "this copy" : "these " + copies + " copies")
                + " for good, type the name of the cluster, " + cluster + ": ");
        err.flush();
        if (!cluster.equals(typed())) {
            throw new CommandFailure("another name was typed. Nothing was removed", "Repeat the command.", null);
        }
    }

    private String typed() {
        try {
            var line = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line.strip();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
