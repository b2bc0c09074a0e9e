package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyCheck;
import dev.otherix.backup.snapshot.Target;
import java.io.PrintWriter;
import java.util.List;

/** What reading back the copies of one store showed. */
record CheckReport(Target target, String place, List<CopyCheck.Result> results) {

    /** The worst counts: a finding, then what could not be read. */
    static int exitCode(List<CheckReport> reports) {
        var results =
                reports.stream().flatMap(report -> report.results().stream()).toList();
        if (results.isEmpty() || results.stream().anyMatch(CopyCheck.Result::isFinding)) {
            return ExitCode.FAILED;
        }
        return results.stream().allMatch(CopyCheck.Result::good) ? ExitCode.DONE : ExitCode.NOT_READ;
    }

    /** For a person. @param opened whether it was tried to open them */
    void print(PrintWriter out, boolean opened) {
        if (results.isEmpty()) {
            out.println("there is no such copy in " + OutputFormat.printable(place));
            return;
        }
        out.println(OutputFormat.printable(place));
        results.forEach(result -> out.println("  " + result.path() + "  "
                + result.outcome().word()
                + (result.problem() == null ? "" : ": " + OutputFormat.printable(result.problem()))));
        if (results.stream().allMatch(CopyCheck.Result::good)) {
            out.println(
                    opened
                            ? "All of them open with this identity and hold the snapshots of their records."
                            : "All of them are what was stored. To see whether they open, add --identity FILE.");
        }
    }
}
