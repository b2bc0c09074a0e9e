package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * How long the member's clients wait for a put of 8 KiB, one after the other, while nothing runs, while {@code etcdctl
 * snapshot save} runs, and while the service takes a snapshot, at full speed and at 50 MB/s; in turns. Arguments: size
 * in MiB (1024), rounds (3).
 */
public final class PutLatencyBenchmark {

    private PutLatencyBenchmark() {}

    public static void main(String[] args) throws Exception {
        long mib = args.length > 0 ? Long.parseLong(args[0]) : 1024;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        try (var etcd = EtcdProcess.start(NotMeasured.etcd(), "--quota-backend-bytes=" + (16L << 30))) {
            OtherixKeyspace.fill(etcd.clientUrl(), mib << 20, 8192);
            try (var fast = MeasuredService.start(etcd.clientUrl(), work.resolve("fast"));
                    var gentle = MeasuredService.start(
                            etcd.clientUrl(), work.resolve("gentle"), "--stream.rate_limit=50MB")) {
                for (int warmUp = 0; warmUp < 2; warmUp++) {
                    fast.snapshot();
                    gentle.snapshot();
                }
                var conditions = new LinkedHashMap<String, PutLatencies.Work>();
                conditions.put("nothing", () -> TimeUnit.SECONDS.sleep(10));
                conditions.put("etcdctl snapshot save", () -> {
                    etcd.etcdctl("snapshot", "save", work.resolve("etcdctl.db").toString());
                    Files.delete(work.resolve("etcdctl.db"));
                });
                conditions.put("service", fast::snapshot);
                conditions.put("service at 50 MB/s", gentle::snapshot);
                var latencies = new LinkedHashMap<String, List<Double>>();
                for (int round = 0; round < rounds; round++) {
                    for (var condition : conditions.entrySet()) {
                        latencies
                                .computeIfAbsent(condition.getKey(), name -> new ArrayList<>())
                                .addAll(PutLatencies.during(etcd.clientUrl(), condition.getValue()));
                        TimeUnit.SECONDS.sleep(3);
                    }
                }
                System.out.printf(
                        "%n%s, %d MiB of 8 KiB values, %d rounds, put latency in ms%n",
                        etcd.home().version(), mib, rounds);
                Figures.row("while", "puts", "p50", "p99", "max");
                latencies.forEach((name, values) -> {
                    var figures = new Figures(values);
                    Figures.row(
                            name,
                            String.valueOf(values.size()),
                            figures.median(),
                            figures.quantile(0.99),
                            figures.values().getLast());
                });
            }
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.exit(0);
    }
}
