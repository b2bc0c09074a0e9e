package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.nio.file.Files;
import java.util.ArrayList;
import org.springframework.util.FileSystemUtils;

/**
 * A snapshot through the warm service, from request to answer with SHA-256 computed and all synced, against {@code etcdctl snapshot
 * save} of the same member, in turns. Argument: size in MiB (1024), pairs (5).
 */
public final class SavingBenchmark {

    private SavingBenchmark() {}

    public static void main(String[] args) throws Exception {
        long mib = args.length > 0 ? Long.parseLong(args[0]) : 1024;
        int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        try (var etcd = EtcdProcess.start(EtcdHomes.first(), "--quota-backend-bytes=" + (16L << 30))) {
            OtherixKeyspace.fill(etcd.clientUrl(), mib << 20, 8192);
            try (var service = MeasuredService.start(etcd.clientUrl(), work.resolve("snapshots"))) {
                for (int warmUp = 0; warmUp < 3; warmUp++) {
                    service.snapshot();
                }
                var ours = new ArrayList<Double>();
                var theirs = new ArrayList<Double>();
                var ratios = new ArrayList<Double>();
                for (int pair = 0; pair < pairs; pair++) {
                    var file = work.resolve("etcdctl.db");
                    long began = System.nanoTime();
                    etcd.etcdctl("snapshot", "save", file.toString());
                    theirs.add((System.nanoTime() - began) / 1e9);
                    Files.delete(file);
                    ours.add(service.snapshot().toNanos() / 1e9);
                    ratios.add(ours.getLast() / theirs.getLast());
                }
                System.out.printf("%n%s, %d MiB of 8 KiB values, %d pairs%n", etcd.home().version(), mib, pairs);
                Figures.row("wall seconds", "min", "median", "max");
                new Figures(theirs).print("etcdctl snapshot save");
                new Figures(ours).print("service, request to answer");
                new Figures(ratios).print("ratio, pair by pair");
            }
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.exit(0);
    }
}
