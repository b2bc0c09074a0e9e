package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdProcess;
import java.nio.file.Files;
import java.util.ArrayList;
import org.springframework.util.FileSystemUtils;

/** From the start of the process to ready, five times. */
public final class StartBenchmark {

    private StartBenchmark() {}

    public static void main(String[] args) throws Exception {
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        var seconds = new ArrayList<Double>();
        var memory = new ArrayList<Double>();
        try (var etcd = EtcdProcess.start(NotMeasured.etcd())) {
            for (int i = 0; i < 5; i++) {
                try (var service = MeasuredService.start(etcd.clientUrl(), work.resolve("snapshots"))) {
                    seconds.add(service.startToReady().toMillis() / 1e3);
                    memory.add(service.peakRssMib());
                }
            }
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        Figures.row("", "min", "median", "max");
        new Figures(seconds).print("start to ready, seconds");
        new Figures(memory).print("resident when ready, MiB");
        System.exit(0);
    }
}
