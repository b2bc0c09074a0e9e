package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * Whether the service's own use of the machine stays flat while it takes a snapshot every second beside a member that
 * is written to. Prints the medians of the first and the last tenth of the time, the first {@value #WARM_UP_SECONDS} s
 * left out, and ends with status 1 where something grew. Argument: minutes (60).
 */
public final class SoakBenchmark {

    private static final int WARM_UP_SECONDS = 60;
    private static final int SECONDS_APART = 30;
    private static final int LEAST_SAMPLES = 20;
    private static final Pattern COMMITTED = Pattern.compile("committed=(\\d+)KB");

    private SoakBenchmark() {}

    /** What the process uses at one moment; sizes in MiB, the heap after a full collection, the rest before it. */
    private record Sample(double heap, double direct, double jvm, double rss, double threads, double files) {}

    /** How far a median may rise: by a tenth, or by {@code slack}. */
    private record Resource(String name, double slack, ToDoubleFunction<Sample> value) {}

    private static final List<Resource> RESOURCES = List.of(
            new Resource("heap after collection, MiB", 2, Sample::heap),
            new Resource("direct memory, MiB", 2, Sample::direct),
            new Resource("all that the JVM holds, MiB", 8, Sample::jvm),
            // the C library keeps what the compilers have freed, so that this rises while the JVM's own count does not
            new Resource("resident memory, MiB", Double.POSITIVE_INFINITY, Sample::rss),
            new Resource("threads", 2, Sample::threads),
            new Resource("file descriptors", 4, Sample::files));

    public static void main(String[] args) throws Exception {
        double minutes = args.length > 0 ? Double.parseDouble(args[0]) : 60;
        var count = (int) Math.max(LEAST_SAMPLES, minutes * 60 / SECONDS_APART);
        var apart = Math.round(minutes * 60_000 / count);
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        boolean flat;
        try (var etcd = EtcdProcess.start(
                NotMeasured.etcd(), "--auto-compaction-mode=revision", "--auto-compaction-retention=1000")) {
            OtherixKeyspace.seed(etcd.clientUrl(), 50);
            try (var service = MeasuredService.start(
                    List.of("-XX:NativeMemoryTracking=summary"),
                    etcd.clientUrl(),
                    work.resolve("snapshots"),
                    "--workers.backup.enabled=true",
                    "--workers.backup.interval=1s")) {
                TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
                var samples = new ArrayList<Sample>();
                var next = System.currentTimeMillis();
                for (int i = 0; i < count; i++) {
                    etcd.etcdctl("put", "/otherix/soak", "round " + i);
                    samples.add(sample(service));
                    System.out.println(i + " of " + count + " " + samples.getLast());
                    next += apart;
                    TimeUnit.MILLISECONDS.sleep(Math.max(0, next - System.currentTimeMillis()));
                }
                flat = report(samples);
                Figures.row(
                        "snapshots taken",
                        service.metric("otherix_backup_runs_total{outcome=\"success\",trigger=\"schedule\"}"));
                Figures.row(
                        "runs that failed",
                        service.metric("otherix_backup_runs_total{outcome=\"failure\",trigger=\"schedule\"}"));
            }
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.out.println(flat ? "flat" : "NOT flat");
        System.exit(flat ? 0 : 1);
    }

    private static Sample sample(MeasuredService service) throws IOException, InterruptedException {
        var rss = service.kernel("VmRSS") / 1024.0;
        double threads = service.kernel("Threads");
        double files = openFiles(service.pid());
        var memory = jcmd(service.pid(), "VM.native_memory", "summary");
        jcmd(service.pid(), "GC.run");
        return new Sample(
                service.metric("jvm_memory_used_bytes{area=\"heap\"") / (1 << 20),
                committed(memory, " Other ("),
                committed(memory, "Total:"),
                rss,
                threads,
                files);
    }

    private static long openFiles(long pid) throws IOException {
        try (var descriptors = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return descriptors.count();
        }
    }

    /** What the JVM counts in one row; {@code Other} are buffers outside of the heap, however they were taken. */
    private static double committed(String memory, String row) {
        var committed = COMMITTED.matcher(
                memory.lines().filter(line -> line.contains(row)).findFirst().orElse(""));
        if (!committed.find()) {
            throw new IllegalStateException("no row " + row + " in:\n" + memory);
        }
        return Long.parseLong(committed.group(1)) / 1024.0;
    }

    private static String jcmd(long pid, String... command) throws IOException, InterruptedException {
        var line = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), String.valueOf(pid)));
        line.addAll(List.of(command));
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(line + " failed: " + output);
        }
        return output;
    }

    private static boolean report(List<Sample> samples) {
        var tenth = Math.max(1, samples.size() / 10);
        boolean flat = true;
        Figures.row("", "first tenth", "last tenth", "largest", "");
        for (var resource : RESOURCES) {
            var all = samples.stream()
                    .map(sample -> resource.value().applyAsDouble(sample))
                    .toList();
            var first = new Figures(all.subList(0, tenth)).median();
            var last = new Figures(all.subList(all.size() - tenth, all.size())).median();
            var grew = last > Math.max(first * 1.1, first + resource.slack());
            flat &= !grew;
            Figures.row(
                    resource.name(),
                    first,
                    last,
                    new Figures(all).values().getLast(),
                    grew ? "grew" : Double.isInfinite(resource.slack()) ? "not judged" : "flat");
        }
        return flat;
    }
}
