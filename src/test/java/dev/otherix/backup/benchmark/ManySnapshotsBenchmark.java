package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * The service with the heap that the README recommends over a directory of many snapshots, beside one of none: how long
 * the start takes, and what is asked often. Then the run that prunes all but a few. Argument: how many snapshots
 * (4000).
 */
public final class ManySnapshotsBenchmark {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int STARTS = 3;
    private static final int ROUNDS = 500;
    private static final long AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final String[] PATHS = {
        "/v1/snapshots",
        "/v1/snapshots?limit=200",
        "/v1/snapshots/latest",
        "/v1/status",
        "/actuator/health/backup",
        "/actuator/prometheus"
    };

    private ManySnapshotsBenchmark() {}

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 4_000;
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        try (var etcd = EtcdProcess.start(NotMeasured.etcd())) {
            var many = work.resolve("many");
            fill(etcd, many, count);
            Figures.row("", "min", "median", "max");
            new Figures(starts(etcd, work.resolve("none"))).print("start to ready with none, s");
            new Figures(starts(etcd, many)).print("start to ready with " + count + ", s");
            try (var service = MeasuredService.start(etcd.clientUrl(), many, "--retention.on_demand=0")) {
                // Java compiles what is used often, so the first requests are the slow ones
                for (var age : List.of("just started", "warm")) {
                    Figures.row(age, "asked", "p50 ms", "p99 ms", "max ms");
                    for (var path : PATHS) {
                        var figures = new Figures(asked(service, path));
                        Figures.row(
                                path,
                                String.valueOf(figures.values().size()),
                                figures.median(),
                                figures.quantile(0.99),
                                figures.values().getLast());
                    }
                }
                run(service, "run that keeps all");
                run(service, "run that keeps all, again");
            }
            try (var service = MeasuredService.start(etcd.clientUrl(), many)) {
                run(service, "run that keeps one");
            }
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.exit(0);
    }

    private static void run(MeasuredService service, String name) throws IOException, InterruptedException {
        Figures.row(name + ", s", service.snapshot().toNanos() / 1e9);
        Figures.row("resident at most, MiB", service.peakRssMib());
    }

    private static List<Double> starts(EtcdProcess etcd, Path dir) throws IOException, InterruptedException {
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < STARTS; i++) {
            try (var service = MeasuredService.start(etcd.clientUrl(), dir, "--retention.on_demand=0")) {
                seconds.add(service.startToReady().toMillis() / 1e3);
            }
        }
        return seconds;
    }

    private static List<Double> asked(MeasuredService service, String path) throws IOException, InterruptedException {
        var millis = new ArrayList<Double>();
        var start = System.nanoTime();
        for (int i = 0; i < ROUNDS && (i == 0 || System.nanoTime() - start < AT_MOST_NANOS); i++) {
            var began = System.nanoTime();
            service.get(path);
            millis.add((System.nanoTime() - began) / 1e6);
        }
        return millis;
    }

    /** One real snapshot under many names, each with a record of its own. */
    private static void fill(EtcdProcess etcd, Path many, int count) throws IOException, InterruptedException {
        try (var service = MeasuredService.start(etcd.clientUrl(), many)) {
            service.snapshot();
        }
        Path file;
        try (var files = Files.list(many)) {
            file = files.filter(entry -> entry.toString().endsWith(".db"))
                    .findFirst()
                    .orElseThrow();
        }
        var name = file.getFileName().toString().replace(".db", "");
        // only the newest is kept for more than its number
        var record = Files.readString(many.resolve(name + ".json"))
                .replaceFirst("\"kept_because\" : .*,", "\"kept_because\" : [ \"requested\" ],");
        var oldest = Instant.parse("2026-01-01T00:00:00Z");
        for (int i = 0; i < count; i++) {
            var other = "otherix-" + STAMP.format(oldest.plusSeconds(60L * i));
            Files.createLink(many.resolve(other + ".db"), file);
            Files.writeString(
                    many.resolve(other + ".json"), record.replace("\"name\" : \"" + name, "\"name\" : \"" + other));
        }
        Files.delete(file);
        Files.delete(many.resolve(name + ".json"));
    }
}
