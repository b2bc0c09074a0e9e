package dev.otherix.backup.benchmark;

import com.google.protobuf.ByteString;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.springframework.util.FileSystemUtils;

/**
 * The memory that the command {@code verify} takes for files with many keys, each of which has to be told from the
 * others: what the kernel counts as the process's own, and what of files it has mapped, apart. Arguments: millions of
 * keys (1, 5, 20).
 */
public final class VerificationMemoryBenchmark {

    private static final Path JAR = Path.of("target", "otherix-etcd-backup.jar").toAbsolutePath();
    private static final int MILLION = 1_000_000;

    private VerificationMemoryBenchmark() {}

    public static void main(String[] args) throws Exception {
        var work = Files.createTempDirectory("otherix-etcd-backup-benchmark-");
        try {
            Figures.row("million keys", "file MiB", "peak MiB", "own MiB", "mapped MiB", "wall s");
            for (var millions : args.length > 0 ? List.of(args) : List.of("1", "5", "20")) {
                measure(write(work.resolve("keys.db"), Long.parseLong(millions) * MILLION), millions);
            }
        } finally {
            FileSystemUtils.deleteRecursively(work);
        }
        System.exit(0);
    }

    /** One row for each key, none of them its key's first version: all keys have to be remembered. */
    private static Path write(Path file, long keys) throws IOException {
        var value = ByteString.copyFrom(new byte[100]);
        Iterable<Entry> rows = () -> LongStream.range(0, keys)
                .mapToObj(i -> Row.put(keys + i + 2, "/otherix/things/%09d".formatted(i), i + 2, 2, value)
                        .entry())
                .iterator();
        var buckets = new TreeMap<String, Iterable<Entry>>();
        buckets.put("key", rows);
        buckets.put("meta", List.of());
        return BoltWriter.snapshot(file, 4096, buckets);
    }

    private static void measure(Path file, String millions) throws Exception {
        var size = Files.size(file) >> 20;
        var began = System.nanoTime();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-jar",
                        JAR.toString(),
                        "verify",
                        "-o",
                        "json",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(file.resolveSibling("out").toFile())
                .start();
        double peak = 0;
        double own = 0;
        double mapped = 0;
        while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, mib(process, "VmHWM:"));
            own = Math.max(own, mib(process, "RssAnon:"));
            mapped = Math.max(mapped, mib(process, "RssFile:"));
        }
        var seconds = (System.nanoTime() - began) / 1e9;
        if (process.exitValue() != 0) {
            throw new IllegalStateException(Files.readString(file.resolveSibling("out")));
        }
        Files.delete(file);
        Figures.row(millions, String.valueOf(size), peak, own, mapped, seconds);
    }

    private static double mib(Process process, String what) throws IOException {
        try {
            for (var row : Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
                if (row.startsWith(what)) {
                    return Long.parseLong(row.replaceAll("\\D", "")) / 1024.0;
                }
            }
            return 0;
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
