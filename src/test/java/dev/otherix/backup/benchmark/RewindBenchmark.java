package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * The commands that look into a snapshot's past and that bring it back, each as a process of its own with
 * {@code -Xmx64m}, in turns with {@code verify} of the same file and {@code etcdutl snapshot restore}: 1 GiB of 8 KiB
 * values, and 5 million revisions of 100 bytes over a million keys. Each line with the wall seconds, the ratio to
 * {@code verify}, and the highest resident memory. Argument: rounds (3).
 */
public final class RewindBenchmark {

    private static final Path JAR = Path.of("target", "otherix-etcd-backup.jar").toAbsolutePath();
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private RewindBenchmark() {}

    public static void main(String[] args) throws Exception {
        var rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        try {
            var home = NotMeasured.etcd();
            compare("1 GiB of 8 KiB values", work, 87_000, 87_000, 8192, home, rounds);
            compare("5 million revisions of 100 bytes, 1 million keys", work, 5_000_000, 1_000_000, 100, home, rounds);
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.exit(0);
    }

    private static void compare(
            String name, Path work, long revisions, long keys, int valueBytes, EtcdHome home, int rounds)
            throws Exception {
        var file = VerificationBenchmark.write(work.resolve("source.db"), revisions, keys, valueBytes);
        var made = work.resolve("made.db");
        var conditions = new LinkedHashMap<String, List<String>>();
        var source = file.toString();
        conditions.put("verify", ours("verify", source));
        conditions.put(
                "rewind",
                ours("rewind", source, "--to-revision", String.valueOf(revisions - 100), "--out", made.toString()));
        conditions.put("history KEY", ours("history", source, "/otherix/things/00000007"));
        conditions.put("get KEY", ours("get", source, "/otherix/things/00000007"));
        conditions.put("diff of a tenth", ours("diff", source, "--from", String.valueOf(revisions / 10 * 9)));
        conditions.put(
                "restore",
                ours(
                        "restore",
                        source,
                        "--data-dir",
                        work.resolve("restored").toString(),
                        "--name=otherix-0",
                        "--peer-url=http://127.0.0.1:9"));
        conditions.put("start of Java (--version)", ours("--version"));
        if (home.hasEtcdutl()) {
            conditions.put(
                    "etcdutl snapshot restore",
                    List.of(
                            home.etcdutl().toString(),
                            "snapshot",
                            "restore",
                            source,
                            "--data-dir",
                            work.resolve("restored").toString()));
        }
        var seconds = new LinkedHashMap<String, List<Double>>();
        var peaks = new LinkedHashMap<String, Long>();
        for (var round = 0; round < rounds; round++) {
            for (var condition : conditions.entrySet()) {
                Files.deleteIfExists(made);
                Files.deleteIfExists(work.resolve("made.json"));
                FileSystemUtils.deleteRecursively(work.resolve("restored"));
                var began = System.nanoTime();
                var peak = run(condition.getValue());
                seconds.computeIfAbsent(condition.getKey(), any -> new ArrayList<>())
                        .add((System.nanoTime() - began) / 1e9);
                peaks.merge(condition.getKey(), peak, Math::max);
            }
        }
        System.out.printf("%n%s: %d MiB, etcd %s, %d rounds%n", name, Files.size(file) >> 20, home.version(), rounds);
        Figures.row("wall seconds", "min", "median", "max", "it/verify");
        if (!home.hasEtcdutl()) {
            System.out.println("not measured: etcdutl, which " + home + " has not in " + home.dir());
        }
        var verify = new Figures(seconds.get("verify")).median();
        seconds.forEach((condition, values) -> {
            var figures = new Figures(values);
            Figures.row(
                    condition + " (" + (peaks.get(condition) >> 10) + " MiB)",
                    figures.values().getFirst(),
                    figures.median(),
                    figures.values().getLast(),
                    figures.median() / verify);
        });
        Files.delete(file);
    }

    private static List<String> ours(String... args) {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString()));
        line.addAll(List.of(args));
        return line;
    }

    /** Runs it; answers the highest resident memory in KiB, as far as it was seen. */
    private static long run(List<String> line) throws Exception {
        var process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long peak = 0;
        while (process.isAlive()) {
            peak = Math.max(peak, peak(process.pid()));
            Thread.sleep(20);
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", line) + ": exit code " + process.exitValue());
        }
        return peak;
    }

    private static long peak(long pid) {
        try {
            var found = PEAK.matcher(Files.readString(Path.of("/proc", String.valueOf(pid), "status")));
            return found.find() ? Long.parseLong(found.group(1)) : 0;
        } catch (IOException ended) {
            return 0;
        }
    }
}
