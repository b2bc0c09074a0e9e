package dev.otherix.backup.cli;

import dev.otherix.backup.snapshot.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What reading back showed, for a program. The components are the names in the JSON. */
record CheckJson(List<Place> targets) {

    static CheckJson of(List<CheckReport> reports) {
        return new CheckJson(reports.stream()
                .map(report -> new Place(
                        report.target(),
                        report.place(),
                        report.results().stream()
                                .map(result -> new Checked(
                                        result.path(),
                                        result.good(),
                                        result.outcome().word(),
                                        result.problem()))
                                .toList()))
                .toList());
    }

    /** One store. */
    record Place(Target target, String place, List<Checked> checked) {}

    /**
     * One copy, or one canary.
     *
     * @param path cluster, member and file
     * @param problem null if it is good
     */
    record Checked(
            String path,
            boolean good,
            String outcome,
            @Nullable String problem) {}
}
