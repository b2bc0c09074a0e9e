package dev.otherix.backup.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * The command {@code drill}, a process of its own with {@code -Xmx64m}: from nothing to an etcd that serves the
 * snapshot and was compared with it, without an etcd and with one. 100 MiB and 1 GiB of 8 KiB values, 1 million keys of
 * 100 bytes, and 5 million revisions over a million keys. Each line with the wall seconds and the highest memory of
 * etcd's own (RssAnon), which the system cannot take back. Argument: rounds (3).
 */
public final class DrillBenchmark {

    private static final Path JAR = Path.of("target", "otherix-etcd-backup.jar").toAbsolutePath();
    private static final Pattern OWN = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final int MIB_BITS = 10;

    private DrillBenchmark() {}

    public static void main(String[] args) throws Exception {
        var rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        try {
            measure("100 MiB of 8 KiB values", work, 12_500, 12_500, 8192, rounds);
            measure("1 GiB of 8 KiB values", work, 87_000, 87_000, 8192, rounds);
            measure("1 million keys of 100 bytes", work, 1_000_000, 1_000_000, 100, rounds);
            measure("5 million revisions of 100 bytes, 1 million keys", work, 5_000_000, 1_000_000, 100, rounds);
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.exit(0);
    }

    private static void measure(String name, Path work, long revisions, long keys, int valueBytes, int rounds)
            throws Exception {
        var home = NotMeasured.etcd();
        var file = VerificationBenchmark.write(work.resolve("source.db"), revisions, keys, valueBytes);
        var scratch = Files.createDirectories(work.resolve("scratch"));
        System.out.printf("%n%s: %d MiB, etcd %s, %d rounds%n", name, Files.size(file) >> 20, home.version(), rounds);
        Figures.row("wall seconds", "min", "median", "max", "etcd MiB");
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString(),
                "drill",
                file.toString(),
                "--scratch",
                scratch.toString()));
        run("without etcd", line, scratch, rounds);
        line.addAll(List.of("--etcd", home.etcd().toString()));
        run("with etcd", line, scratch, rounds);
        Files.delete(file);
    }

    private static void run(String name, List<String> line, Path scratch, int rounds) throws Exception {
        var seconds = new ArrayList<Double>();
        long peak = 0;
        for (var round = 0; round < rounds; round++) {
            var began = System.nanoTime();
            peak = Math.max(peak, run(line, scratch));
            seconds.add((System.nanoTime() - began) / 1e9);
        }
        var figures = new Figures(seconds);
        Figures.row(
                name,
                figures.values().getFirst(),
                figures.median(),
                figures.values().getLast(),
                peak >> MIB_BITS);
    }

    /** Runs it; answers the highest memory of the etcd in KiB, as far as it was seen. */
    private static long run(List<String> line, Path scratch) throws Exception {
        var process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long peak = 0;
        while (process.isAlive()) {
            peak = Math.max(
                    peak,
                    process.children()
                            .mapToLong(child -> own(child, scratch))
                            .max()
                            .orElse(0));
            Thread.sleep(20);
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", line) + ": exit code " + process.exitValue());
        }
        return peak;
    }

    private static long own(ProcessHandle child, Path scratch) {
        var proc = Path.of("/proc", String.valueOf(child.pid()));
        try {
            var command = new String(Files.readAllBytes(proc.resolve("cmdline")), StandardCharsets.UTF_8);
            var found = OWN.matcher(Files.readString(proc.resolve("status")));
            return command.contains("--data-dir=" + scratch) && found.find() ? Long.parseLong(found.group(1)) : 0;
        } catch (IOException ended) {
            return 0;
        }
    }
}
