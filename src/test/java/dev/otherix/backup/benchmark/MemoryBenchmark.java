package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.nio.file.Files;
import org.springframework.util.FileSystemUtils;

/**
 * The service's peak resident memory over three snapshots, of a small and of a large database. Arguments: sizes in MiB
 * (100, 4096).
 */
public final class MemoryBenchmark {

    private MemoryBenchmark() {}

    public static void main(String[] args) throws Exception {
        var sizes = args.length > 0
                ? java.util.Arrays.stream(args).mapToLong(Long::parseLong).toArray()
                : new long[] {100, 4096};
        Figures.row("database MiB", "started", "peak MiB", "wall s");
        for (var mib : sizes) {
            var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
            try (var etcd = EtcdProcess.start(NotMeasured.etcd(), "--quota-backend-bytes=" + (16L << 30))) {
                OtherixKeyspace.fill(etcd.clientUrl(), mib << 20, 8192);
                try (var service = MeasuredService.start(etcd.clientUrl(), work.resolve("snapshots"))) {
                    var started = service.peakRssMib();
                    double seconds = 0;
                    for (int i = 0; i < 3; i++) {
                        seconds = service.snapshot().toNanos() / 1e9;
                    }
                    Figures.row(String.valueOf(mib), started, service.peakRssMib(), seconds);
                }
            } finally {
                FileSystemUtils.deleteRecursively(work);
            }
        }
        System.exit(0);
    }
}
