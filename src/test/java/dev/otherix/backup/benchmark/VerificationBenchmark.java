package dev.otherix.backup.benchmark;

import com.google.protobuf.ByteString;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.springframework.util.FileSystemUtils;

/**
 * Full verification in a warm JVM against Java's SHA-256 alone, and against what etcdutl does with the same file, in
 * turns, as far as this etcd has the command: 1 GiB of 8 KiB values, and 5 million revisions of 100 bytes over a
 * million keys. Each line with the wall seconds, and the ratio of ours to it. Argument: rounds (3). For one core start
 * it under {@code taskset -c 0}.
 */
public final class VerificationBenchmark {

    private static final Path JAR = Path.of("target", "otherix-etcd-backup.jar").toAbsolutePath();

    private static final List<String> ETCD_BUCKETS = List.of(
            "alarm", "auth", "authRoles", "authUsers", "cluster", "lease", "members", "members_removed", "meta");

    private VerificationBenchmark() {}

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        try {
            var home = NotMeasured.etcd();
            compare("1 GiB of 8 KiB values", write(work.resolve("big.db"), 87_000, 87_000, 8192), home, rounds);
            Files.delete(work.resolve("big.db"));
            compare(
                    "5 million revisions of 100 bytes, 1 million keys",
                    write(work.resolve("small.db"), 5_000_000, 1_000_000, 100),
                    home,
                    rounds);
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.exit(0);
    }

    /** A snapshot in which each key was written again and again, in turn. */
    static Path write(Path file, long revisions, long keys, int valueBytes) throws IOException {
        var noise = new byte[2 * valueBytes];
        new Random(1).nextBytes(noise);
        var source = ByteString.copyFrom(noise);
        Iterable<Entry> rows = () -> LongStream.range(0, revisions)
                .mapToObj(i -> {
                    var from = (int) (i * 31 % valueBytes);
                    return Row.put(
                                    i + 2,
                                    "/otherix/things/%08d".formatted(i % keys),
                                    i % keys + 2,
                                    i / keys + 1,
                                    source.substring(from, from + valueBytes))
                            .entry();
                })
                .iterator();
        var buckets = new TreeMap<String, Iterable<Entry>>();
        ETCD_BUCKETS.forEach(bucket -> buckets.put(bucket, List.of()));
        buckets.put("key", rows);
        buckets.put("meta", List.of());
        return BoltWriter.snapshot(file, 4096, buckets);
    }

    private static void compare(String name, Path file, EtcdHome home, int rounds) throws Exception {
        var verifier = new SnapshotVerifier(BoltFile.Access.READ);
        var mapping = new SnapshotVerifier(BoltFile.Access.MAP);
        var copy = file.resolveSibling("copy.db");
        var conditions = new LinkedHashMap<String, Work>();
        conditions.put("verification, warm", () -> verify(verifier, file));
        conditions.put("the same, file mapped", () -> verify(mapping, file));
        conditions.put("Java's SHA-256 alone", () -> sha256(file));
        if (home.hasEtcdutl()) {
            conditions.put(
                    "etcdutl snapshot status",
                    () -> run(home.etcdutl().toString(), "snapshot", "status", file.toString()));
        }
        if (home.hasEtcdutl() && home.isSince("3.6")) {
            conditions.put(
                    "etcdutl hashkv (on a copy)", () -> run(home.etcdutl().toString(), "hashkv", copy.toString()));
        }
        conditions.put(
                "command line, verify",
                () -> run(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        JAR.toString(),
                        "verify",
                        file.toString()));
        verify(verifier, file);
        verify(mapping, file);
        sha256(file);
        var seconds = new LinkedHashMap<String, List<Double>>();
        for (int round = 0; round < rounds; round++) {
            for (var condition : conditions.entrySet()) {
                if (condition.getKey().startsWith("etcdutl hashkv")) {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
                var began = System.nanoTime();
                condition.getValue().run();
                seconds.computeIfAbsent(condition.getKey(), any -> new ArrayList<>())
                        .add((System.nanoTime() - began) / 1e9);
            }
        }
        Files.deleteIfExists(copy);
        System.out.printf("%n%s: %d MiB, etcd %s, %d rounds%n", name, Files.size(file) >> 20, home.version(), rounds);
        Figures.row("wall seconds", "min", "median", "max", "ours/it");
        if (!home.hasEtcdutl()) {
            System.out.println("not measured: etcdutl, which " + home + " has not in " + home.dir());
        } else if (!home.isSince("3.6")) {
            System.out.println("not measured: etcdutl hashkv, which needs etcd 3.6; this is " + home);
        }
        var ours = new Figures(seconds.get("verification, warm")).median();
        seconds.forEach((condition, values) -> {
            var figures = new Figures(values);
            Figures.row(
                    condition,
                    figures.values().getFirst(),
                    figures.median(),
                    figures.values().getLast(),
                    ours / figures.median());
        });
    }

    private static void verify(SnapshotVerifier verifier, Path file) throws IOException {
        try (var proof = verifier.verify(file, SnapshotVerifier.Options.PLAIN, bytes -> {})) {
            if (!proof.good()) {
                throw new IllegalStateException(proof.findings().toString());
            }
        }
    }

    private static void sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        var buffer = ByteBuffer.allocate(1 << 20);
        try (var channel = FileChannel.open(file)) {
            while (channel.read(buffer.clear()) > 0) {
                digest.update(buffer.flip());
            }
        }
        digest.digest();
    }

    private static void run(String... line) throws Exception {
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", line) + ": " + output);
        }
    }
}
