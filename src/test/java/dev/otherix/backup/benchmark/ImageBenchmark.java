package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.ReservedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The image within 160 MiB: start to ready, memory when idle, and at most while a snapshot is taken. Of what is
 * resident, the pages of files (of Java's own, above all) are shared and can be taken back by the system; "private" is
 * the rest. Needs Linux, {@code docker} and root. Arguments: the image, and the size of the database in MiB (1024).
 */
public final class ImageBenchmark {

    private static final Pattern STARTED =
            Pattern.compile("Started OtherixEtcdBackup in .*\\(process running for ([\\d.]+)\\)");
    private static final Pattern TAKEN = Pattern.compile("saved otherix-\\S+\\.db");
    private static final String NAME = "otherix-etcd-backup-benchmark";
    private static final String RESIDENT = "VmRSS";
    private static final String PRIVATE = "RssAnon";

    private ImageBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            throw new NotMeasured("name the image: -Dspring-boot.run.arguments=IMAGE");
        }
        var image = args[0];
        requireDocker();
        long mib = args.length > 1 ? Long.parseLong(args[1]) : 1024;
        try (var etcd = EtcdProcess.start(NotMeasured.etcd(), "--quota-backend-bytes=" + (16L << 30));
                var port = ReservedPort.take()) {
            OtherixKeyspace.fill(etcd.clientUrl(), mib << 20, 8192);
            var seconds = new ArrayList<Double>();
            var resident = new ArrayList<Double>();
            var idle = new ArrayList<Double>();
            var peak = new ArrayList<Double>();
            for (int i = 0; i < 5; i++) {
                run(image, etcd.clientUrl(), port.number(), "--workers.backup.enabled=false");
                await(STARTED, found -> seconds.add(Double.parseDouble(found.group(1))));
                TimeUnit.SECONDS.sleep(30);
                resident.add(memory(RESIDENT));
                idle.add(memory(PRIVATE));
                remove();
            }
            for (int i = 0; i < 3; i++) {
                // the first one is due at once; no second Java in the container
                run(image, etcd.clientUrl(), port.number(), "--workers.backup.enabled=true");
                peak.add(await(TAKEN, _ -> {}));
                remove();
            }
            Figures.row("", "min", "median", "max");
            new Figures(seconds).print("start to ready, seconds");
            new Figures(resident).print("idle: resident, MiB");
            new Figures(idle).print("idle: private, MiB");
            new Figures(peak).print("snapshot: largest private, MiB");
        }
        System.exit(0);
    }

    private static void requireDocker() {
        try {
            var answer = Command.of("docker", "version").run();
            if (answer.exitCode() != 0) {
                throw new NotMeasured("needs docker, which does not answer: "
                        + answer.errors().strip());
            }
        } catch (UncheckedIOException missing) {
            throw new NotMeasured("needs docker: " + missing.getMessage());
        }
    }

    private static void run(String image, String clientUrl, int port, String enabled) {
        new Command(
                        List.of(
                                "docker",
                                "run",
                                "--detach",
                                "--name",
                                NAME,
                                "--network",
                                "host",
                                "--read-only",
                                "--cap-drop",
                                "ALL",
                                "--security-opt",
                                "no-new-privileges",
                                "--memory",
                                "160m",
                                "--memory-swap",
                                "160m",
                                "--tmpfs",
                                "/tmp",
                                "--volume",
                                NAME + ":/var/lib/otherix-backup",
                                image,
                                "--etcd.client_url=" + clientUrl,
                                "--api.listen=127.0.0.1:" + port,
                                "--monitoring.listen=off",
                                enabled),
                        Map.of(),
                        Duration.ofMinutes(1))
                .output();
    }

    /** Hands over the line once it is in the log, and returns the most private memory that was seen until then. */
    private static double await(Pattern line, Consumer<Matcher> then) throws IOException, InterruptedException {
        double largest = 0;
        var giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (true) {
            var log = Command.of("docker", "logs", NAME).output();
            var found = line.matcher(log);
            if (System.nanoTime() > giveUp || !inspect("{{.State.Running}}").equals("true")) {
                throw new IllegalStateException("no " + line + " in:\n" + log);
            }
            largest = Math.max(largest, memory(PRIVATE));
            if (found.find()) {
                then.accept(found);
                return largest;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static double memory(String row) throws IOException {
        return Files.readAllLines(Path.of("/proc", inspect("{{.State.Pid}}"), "status")).stream()
                        .filter(line -> line.startsWith(row + ":"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    private static String inspect(String format) {
        return Command.of("docker", "inspect", "-f", format, NAME).output().strip();
    }

    private static void remove() {
        Command.of("docker", "rm", "--force", NAME).output();
        Command.of("docker", "volume", "rm", "--force", NAME).output();
    }
}
