package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Drills of one snapshot in one scratch directory, and what is left of them. */
public final class DrillScene {

    static final DrillLimits SHORT =
            new DrillLimits(Duration.ofSeconds(20), Duration.ofSeconds(40), Duration.ofMillis(500));
    static final Drill.Listener NOBODY = new Drill.Listener() {
        @Override
        public LongConsumer reading() {
            return _ -> {};
        }

        @Override
        public LongConsumer proving(long bytes) {
            return _ -> {};
        }
    };

    private final Path snapshot;
    private final Path scratch;
    private Optional<Path> etcd = Optional.empty();
    private DrillLimits limits = SHORT;
    private long memory = Long.MAX_VALUE;
    private boolean endsTogether;
    private long reserve;

    DrillScene(Path snapshot, Path scratch) {
        this.snapshot = snapshot;
        this.scratch = scratch;
    }

    DrillScene etcd(Path program) {
        etcd = Optional.of(program);
        return this;
    }

    DrillScene limits(DrillLimits others) {
        limits = others;
        return this;
    }

    DrillScene memory(long bytes) {
        memory = bytes;
        return this;
    }

    /** In a container where the kernel ends all processes together. */
    DrillScene endsTogether() {
        endsTogether = true;
        return this;
    }

    DrillScene reserve(long bytes) {
        reserve = bytes;
        return this;
    }

    Drill drill() {
        var order = new DrillOrder(snapshot, scratch, etcd, reserve, DrillOrder.Words.SETTINGS);
        return new Drill(
                new SnapshotVerifier(), order, limits, new EtcdMemory(() -> memory, () -> endsTogether, order.words()));
    }

    /** Drills, and requires that nothing is left and that the detail has no path. */
    DrillOutcome run() throws IOException {
        var outcome = drill().run(NOBODY);
        requireNothingLeft();
        assertThat(detail(outcome))
                .doesNotContain(scratch.toString(), snapshot.getParent().toString())
                .doesNotContain(etcd.map(Path::toString).orElse(scratch.toString()));
        return outcome;
    }

    static String detail(DrillOutcome outcome) {
        return switch (outcome) {
            case DrillOutcome.Passed passed -> String.join("; ", passed.notes());
            case DrillOutcome.Failed failed -> failed.detail();
            case DrillOutcome.Skipped skipped -> skipped.detail();
        };
    }

    void requireNothingLeft() throws IOException {
        assertThat(scratch.resolve(Scratch.NAME)).doesNotExist();
        assertThat(processes(scratch)).isEmpty();
    }

    /** The processes that have something below a directory in their command, or work there. */
    public static List<String> processes(Path below) throws IOException {
        var found = new ArrayList<String>();
        try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var entry : entries) {
                try {
                    var line = new String(Files.readAllBytes(entry.resolve("cmdline")), StandardCharsets.UTF_8);
                    var own = entry.endsWith(
                            String.valueOf(ProcessHandle.current().pid()));
                    if (!own
                            && (line.contains(below.toString())
                                    || Files.readSymbolicLink(entry.resolve("cwd"))
                                            .toString()
                                            .startsWith(below.toString()))) {
                        found.add(entry.getFileName() + " " + line.replace('\0', ' '));
                    }
                } catch (IOException endedMeanwhile) {
                    // is not there
                }
            }
        }
        return found;
    }

    /** A shell script in the place of etcd. */
    public static Path program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
