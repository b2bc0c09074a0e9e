package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.ReservedPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The image within 160 MiB: start to ready, memory when idle, and at most over three snapshots. Needs Linux, {@code docker} and root.
 * Arguments: the image, and the size of the database in MiB (1024).
 */
public final class ImageBenchmark {

    private static final Pattern STARTED = Pattern.compile("Started OtherixEtcdBackup in [\\d.]+ seconds \\(process running for ([\\d.]+)\\)");
    private static final Pattern TAKEN = Pattern.compile("saved otherix-\\S+\\.db");
    private static final String NAME = "otherix-etcd-backup-benchmark";

    private ImageBenchmark() {}

    public static void main(String[] args) throws Exception {
        String image = args[0];
        long mib = args.length > 1 ? Long.parseLong(args[1]) : 1024;
        try (var etcd = EtcdProcess.start(EtcdHomes.first(), "--quota-backend-bytes=" + (16L << 30)); var port = ReservedPort.take()) {
            OtherixKeyspace.fill(etcd.clientUrl(), mib << 20, 8192);
            var seconds = new ArrayList<Double>();
            var idle = new ArrayList<Double>();
            var peak = new ArrayList<Double>();
            for (int i = 0; i < 5; i++) {
                run(image, etcd.clientUrl(), port.number(), "--workers.backup.enabled=false");
                seconds.add(Double.parseDouble(await(STARTED).group(1)));
                idle.add(memory("VmRSS"));
                remove();
            }
            for (int i = 0; i < 3; i++) {
                // the first one is due at once; no second Java in the container
                run(image, etcd.clientUrl(), port.number(), "--workers.backup.enabled=true");
                await(TAKEN);
                peak.add(memory("VmHWM"));
                remove();
            }
            Figures.row("", "min", "median", "max");
            new Figures(seconds).print("start to ready, seconds");
            new Figures(idle).print("resident when ready, MiB");
            new Figures(peak).print("largest resident with a snapshot, MiB");
        }
        System.exit(0);
    }

    private static void run(String image, String clientUrl, int port, String enabled) {
        new Command(List.of("docker", "run", "--detach", "--name", NAME, "--network", "host", "--read-only", "--cap-drop", "ALL",
                "--security-opt", "no-new-privileges", "--memory", "160m", "--memory-swap", "160m", "--tmpfs", "/tmp",
                "--volume", NAME + ":/var/lib/otherix-backup", image, "--etcd.client_url=" + clientUrl,
                "--api.listen=127.0.0.1:" + port, "--monitoring.listen=off", enabled), Map.of(), Duration.ofMinutes(1)).output();
    }

    private static Matcher await(Pattern line) throws InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (true) {
            String log = Command.of("docker", "logs", NAME).output();
            Matcher found = line.matcher(log);
            if (found.find()) {
                return found;
            }
            if (System.nanoTime() > giveUp || !Command.of("docker", "inspect", "-f", "{{.State.Running}}", NAME).output().contains("true")) {
                throw new IllegalStateException("no " + line + " in:\n" + log);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static double memory(String row) throws IOException {
        String pid = Command.of("docker", "inspect", "-f", "{{.State.Pid}}", NAME).output().strip();
        return Files.readAllLines(Path.of("/proc", pid, "status")).stream().filter(line -> line.startsWith(row + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow() / 1024.0;
    }

    private static void remove() {
        Command.of("docker", "rm", "--force", NAME).output();
        Command.of("docker", "volume", "rm", "--force", NAME).output();
    }
}
