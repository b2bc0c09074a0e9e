package dev.otherix.backup.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * From nothing to an etcd that serves the snapshot and was compared with it, and back to nothing: the command
 * {@code drill}, a process of its own with {@code -Xmx64m}, without an etcd and with one, in turns with the same by
 * hand, with {@code etcdutl snapshot restore}. 100 MiB and 1 GiB of 8 KiB values, 1 million keys of 100 bytes, and 5
 * million revisions over a million keys. Each line with the wall seconds, the ratio of the medians to that by hand, and
 * the highest memory of etcd's own (RssAnon), which the system cannot take back. Argument: rounds (3).
 */
public final class DrillBenchmark {

    private static final Path JAR = Path.of("target", "otherix-etcd-backup.jar").toAbsolutePath();
    private static final Pattern OWN = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final int MIB_BITS = 10;
    private static final double TICKS_PER_SECOND = 100;
    private static final String BY_HAND = "by hand";
    /** Its {@code $0} is the directory of etcd's programs; with the options of a drill's etcd. */
    private static final String SCRIPT = """
            set -e
            cd "$2"
            "$0/etcdutl" snapshot restore "$1" --data-dir by-hand > log 2>&1
            "$0/etcd" --data-dir="$2/by-hand" --unsafe-no-fsync --listen-client-urls=unix://clients:1 \
                --advertise-client-urls=http://127.0.0.1:1 --listen-peer-urls=unix://peers:1 > log 2>&1 &
            until "$0/etcdctl" --endpoints=unix://clients:1 endpoint status > status 2>&1; do sleep 0.05; done
            "$0/etcdctl" --endpoints=unix://clients:1 --command-timeout=10m endpoint hashkv > hash
            "$0/etcdctl" --endpoints=unix://clients:1 get '' --prefix --count-only --write-out=fields > count
            kill $!
            wait
            rm -rf "$2"/*
            """;

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
        System.out.println("load average before: "
                + Files.readString(Path.of("/proc/loadavg")).strip());
        var without = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-jar",
                JAR.toString(),
                "drill",
                file.toString(),
                "--scratch",
                scratch.toString());
        var with = new ArrayList<>(without);
        with.addAll(List.of("--etcd", home.etcd().toString()));
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put("drill without etcd", without);
        lines.put("drill with etcd", with);
        if (home.hasEtcdutl()) {
            lines.put(BY_HAND, List.of("sh", "-c", SCRIPT, home.dir().toString(), file.toString(), scratch.toString()));
        } else {
            System.out.println("not measured: by hand, because " + home + " has no etcdutl in " + home.dir());
        }
        print(lines, scratch, rounds);
        Files.delete(file);
    }

    /**
     * What one run took.
     *
     * @param processor seconds of all processors
     * @param etcdKib the highest memory of the etcd, as far as it was seen
     */
    private record Taken(double wall, double processor, long etcdKib) {}

    private static void print(Map<String, List<String>> lines, Path scratch, int rounds) throws Exception {
        var runs = new LinkedHashMap<String, List<Taken>>();
        for (var round = 0; round < rounds; round++) {
            for (var line : lines.entrySet()) {
                var used = processorSeconds();
                var began = System.nanoTime();
                var etcdKib = run(line.getValue(), scratch);
                var wall = (System.nanoTime() - began) / 1e9;
                runs.computeIfAbsent(line.getKey(), _ -> new ArrayList<>())
                        .add(new Taken(wall, processorSeconds() - used, etcdKib));
            }
        }
        Figures.row("wall seconds", "min", "median", "max", "processor", "to by hand", "etcd MiB");
        var byHand = Optional.ofNullable(runs.get(BY_HAND)).map(all -> figures(all, Taken::wall));
        runs.forEach((name, all) -> {
            var wall = figures(all, Taken::wall);
            Figures.row(
                    name,
                    wall.values().getFirst(),
                    wall.median(),
                    wall.values().getLast(),
                    figures(all, Taken::processor).median(),
                    byHand.<Object>map(hand -> wall.median() / hand.median()).orElse("-"),
                    all.stream().mapToLong(Taken::etcdKib).max().orElse(0) >> MIB_BITS);
        });
    }

    private static Figures figures(List<Taken> runs, Function<Taken, Double> one) {
        return new Figures(runs.stream().map(one).toList());
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

    /** Of all processes that have ended and were started here, and of those that they waited for; proc(5). */
    private static double processorSeconds() throws IOException {
        var stat = Files.readString(Path.of("/proc/self/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
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
