package dev.otherix.backup.cli;

import dev.otherix.backup.restore.DrillOutcome;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a drill ended, for a program. The components are the names in the JSON. */
record DrillJson(
        String snapshot,
        String outcome,
        double seconds,
        @Nullable String etcdVersion,
        @Nullable Long revision,
        @Nullable Long liveKeys,
        @Nullable Long hashKv,
        @Nullable String detail) {

    private static final double MILLIS = 1000;

    static DrillJson of(Path snapshot, DrillOutcome outcome) {
        var version = outcome.etcdVersion().orElse(null);
        var seconds = seconds(outcome.took());
        return switch (outcome) {
            case DrillOutcome.Passed passed ->
                new DrillJson(
                        snapshot.toString(),
                        "passed",
                        seconds,
                        version,
                        passed.revision(),
                        passed.liveKeys(),
                        passed.hashKv(),
                        passed.notes().isEmpty() ? null : String.join("; ", passed.notes()));
            case DrillOutcome.Failed failed ->
                new DrillJson(snapshot.toString(), "failed", seconds, version, null, null, null, failed.detail());
            case DrillOutcome.Skipped skipped ->
                new DrillJson(snapshot.toString(), "skipped", seconds, version, null, null, null, skipped.detail());
        };
    }

    private static double seconds(Duration took) {
        return took.toMillis() / MILLIS;
    }
}
