package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/**
 * A snapshot through the warm service, from request to answer, against what etcd's own tools do with the same member,
 * in turns: {@code etcdctl snapshot save}, and after it {@code etcdutl snapshot status} of the file. Saved is the
 * answer's time less what the verification took. Arguments: size in MiB (1024), pairs (5).
 */
public final class SavingBenchmark {

    private SavingBenchmark() {}

    public static void main(String[] args) throws Exception {
        long mib = args.length > 0 ? Long.parseLong(args[0]) : 1024;
        int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        var home = NotMeasured.etcd();
        if (!home.hasEtcdutl()) {
            throw new NotMeasured(
                    "needs etcdutl, which " + home + " has not in " + home.dir() + "; take etcd 3.5 or later");
        }
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        try (var etcd = EtcdProcess.start(home, "--quota-backend-bytes=" + (16L << 30))) {
            OtherixKeyspace.fill(etcd.clientUrl(), mib << 20, 8192);
            try (var service = MeasuredService.start(etcd.clientUrl(), work.resolve("snapshots"))) {
                for (int warmUp = 0; warmUp < 3; warmUp++) {
                    service.snapshot();
                }
                var pair = new Pair(etcd, service, work.resolve("etcdctl.db"));
                for (int i = 0; i < pairs; i++) {
                    pair.measure();
                }
                System.out.printf(
                        "%n%s, %d MiB of 8 KiB values, %d pairs%n", etcd.home().version(), mib, pairs);
                pair.print();
            }
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.exit(0);
    }

    /** The two, one after the other, again and again. */
    private record Pair(EtcdProcess etcd, MeasuredService service, Path file, Map<String, List<Double>> rows) {

        Pair(EtcdProcess etcd, MeasuredService service, Path file) {
            this(etcd, service, file, new LinkedHashMap<>());
        }

        void measure() throws Exception {
            var save = seconds(() -> etcd.etcdctl("snapshot", "save", file.toString()));
            var status =
                    seconds(() -> Command.of(etcd.home().etcdutl().toString(), "snapshot", "status", file.toString())
                            .output());
            Files.delete(file);
            var verifiedBefore = service.verifySeconds();
            var answer = service.snapshot().toNanos() / 1e9;
            var saved = answer - (service.verifySeconds() - verifiedBefore);
            add("etcdctl snapshot save", save);
            add("etcdctl save + etcdutl status", save + status);
            add("service, saved", saved);
            add("service, saved and verified", answer);
            add("ratio, saved / save", saved / save);
            add("ratio, both / both", answer / (save + status));
        }

        private static double seconds(PutLatencies.Work work) throws Exception {
            var began = System.nanoTime();
            work.run();
            return (System.nanoTime() - began) / 1e9;
        }

        private void add(String row, double value) {
            rows.computeIfAbsent(row, name -> new ArrayList<>()).add(value);
        }

        void print() {
            Figures.row("wall seconds", "min", "median", "max");
            rows.forEach((name, values) -> new Figures(values).print(name));
        }
    }
}
