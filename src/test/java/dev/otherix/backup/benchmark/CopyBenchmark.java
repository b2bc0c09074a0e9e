package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realstores.VersityGateway;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/**
 * An off-site copy from the file to the proven copy in a bucket of versitygw, in turns with {@code gzip | age | aws s3
 * cp} of the same file, which reads nothing back; and the service's peak resident memory meanwhile. Arguments: rounds
 * (3), then sizes in MiB (222, 1024).
 */
public final class CopyBenchmark {

    private static final String RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    private static final Duration LONGEST = Duration.ofMinutes(20);

    private CopyBenchmark() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        var sizes = args.length > 1
                ? Arrays.stream(args).skip(1).mapToLong(Long::parseLong).toArray()
                : new long[] {222, 1024};
        Figures.row("database MiB", "copy s", "pipe s", "ratio", "peak MiB", "stored MiB");
        for (var mib : sizes) {
            var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
            try (var etcd = EtcdProcess.start(NotMeasured.etcd(), "--quota-backend-bytes=" + (16L << 30));
                    var gateway = VersityGateway.start()) {
                OtherixKeyspace.fill(etcd.clientUrl(), mib << 20, 2048);
                for (int round = 0; round < rounds; round++) {
                    measure(mib, etcd, gateway, work);
                }
            } finally {
                FileSystemUtils.deleteRecursively(work);
            }
        }
        System.exit(0);
    }

    private static void measure(long mib, EtcdProcess etcd, VersityGateway gateway, Path work) throws Exception {
        var dir = work.resolve("snapshots");
        try (var service = MeasuredService.start(etcd.clientUrl(), dir)) {
            service.snapshot();
        }
        var bucket = gateway.bucket();
        var credentials = work.resolve("credentials");
        Files.deleteIfExists(credentials);
        PrivateFile.write(
                credentials,
                "[default]\naws_access_key_id = " + gateway.accessKey() + "\naws_secret_access_key = "
                        + gateway.secretKey() + "\n");
        double copy;
        double peak;
        try (var service = MeasuredService.start(
                etcd.clientUrl(),
                dir,
                "--offsite.recipients=" + RECIPIENT,
                "--offsite.s3.bucket=" + bucket,
                "--offsite.s3.endpoint=" + gateway.endpoint(),
                "--offsite.s3.credentials_file=" + credentials)) {
            copy = copied(gateway.files(bucket));
            peak = service.peakRssMib();
        }
        var pipe = pipe(newest(dir), gateway);
        Figures.row(
                String.valueOf(mib), copy, pipe, copy / pipe, peak, stored(gateway.files(bucket)) / (double) (1 << 20));
    }

    /** From the first sign of the upload to the record, which is written when the object was read back. */
    private static double copied(Path bucket) throws Exception {
        var giveUp = System.nanoTime() + LONGEST.toNanos();
        long began = 0;
        while (System.nanoTime() < giveUp) {
            if (began == 0
                    && files(bucket).stream().anyMatch(file -> file.toString().contains("multipart"))) {
                began = System.nanoTime();
            }
            if (files(bucket).stream().anyMatch(file -> file.toString().endsWith(".json"))) {
                return (System.nanoTime() - (began == 0 ? System.nanoTime() : began)) / 1e9;
            }
            TimeUnit.MILLISECONDS.sleep(2);
        }
        throw new IllegalStateException("no copy within " + LONGEST);
    }

    private static double pipe(Path file, VersityGateway gateway) throws IOException, InterruptedException {
        var line = new ProcessBuilder(
                "sh",
                "-c",
                "gzip < " + file + " | age -r " + RECIPIENT + " | aws s3 cp --quiet --endpoint-url "
                        + gateway.endpoint() + " - s3://" + gateway.bucket() + "/copy");
        line.environment().put("AWS_ACCESS_KEY_ID", gateway.accessKey());
        line.environment().put("AWS_SECRET_ACCESS_KEY", gateway.secretKey());
        line.environment().put("AWS_DEFAULT_REGION", gateway.region());
        var began = System.nanoTime();
        if (line.inheritIO().start().waitFor() != 0) {
            throw new NotMeasured("gzip, age and aws are needed on PATH");
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static Path newest(Path dir) throws IOException {
        return files(dir).stream()
                .filter(file -> file.toString().endsWith(".db"))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static long stored(Path bucket) throws IOException {
        long bytes = 0;
        for (var file : files(bucket)) {
            bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
        }
        return bytes;
    }

    private static List<Path> files(Path directory) throws IOException {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(directory)) {
            Files.walkFileTree(directory, new Collector(found));
        }
        return found;
    }

    /** Passes over what goes away meanwhile. */
    private static final class Collector extends SimpleFileVisitor<Path> {

        private final List<Path> found;

        Collector(List<Path> found) {
            this.found = found;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException gone) {
            return FileVisitResult.CONTINUE;
        }
    }
}
