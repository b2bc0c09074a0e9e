package dev.otherix.backup.cli;

import dev.otherix.backup.restore.DrillOutcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;

/** A drill that passed, for a person. */
final class DrillText {

    private static final double MILLIS = 1000;

    private final PrintWriter out;

    DrillText(PrintWriter out) {
        this.out = out;
    }

    void print(Path snapshot, DrillOutcome.Passed passed) {
        out.println(
                "passed    " + OutputFormat.printable(snapshot.toString()) + ", in " + seconds(passed.took()) + " s");
        out.println(
                "revision  " + passed.revision() + ", " + passed.liveKeys() + " live keys, HashKV " + passed.hashKv());
        out.println("etcd      "
                + passed.etcdVersion()
                        .map(version -> OutputFormat.printable(version) + " served the same keys")
                        .orElse("not started: --etcd names none"));
        passed.notes().forEach(note -> out.println("note      " + OutputFormat.printable(note)));
    }

    private static String seconds(Duration took) {
        return "%.1f".formatted(took.toMillis() / MILLIS);
    }
}
