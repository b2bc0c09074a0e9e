package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.OtherixEtcdBackup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code list} in a process with a small heap: how many files there are is no matter of memory. */
class ManyFilesTests {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'otherix-'yyyyMMdd'T'HHmmss'Z.db'").withZone(ZoneOffset.UTC);
    private static final Instant FIRST = Instant.parse("2026-06-06T00:00:00Z");

    @TempDir
    private static Path snapshots;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void makeSnapshots() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            put(snapshots, i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void manySnapshotsAreListed(String format) throws Exception {
        assertThat(list(snapshots, format, "32m").filter(line -> line.contains("00Z.db")))
                .hasSizeGreaterThanOrEqualTo(10_000);
    }

    @Test
    void manyFilesOfOtherProgramsAreNoMatter() throws Exception {
        var dir = Files.createDirectory(temporary.resolve("snapshots"));
        put(dir, 0);
        var longName = "x".repeat(240);
        for (int i = 0; i < 40_000; i++) {
            Files.createFile(dir.resolve(longName + i));
        }
        assertThat(list(dir, "text", "16m")).anyMatch(line -> line.startsWith("*  otherix-20260606T000000Z.db"));
    }

    private static void put(Path dir, int minute) throws IOException {
        var name = NAME.format(FIRST.plusSeconds(60L * minute));
        Files.createFile(dir.resolve(name));
        var reason = "%05d".formatted(minute).repeat(500);
        Files.writeString(
                dir.resolve(name.replace(".db", ".json")),
                ListCommandTests.record(name, 0, "verified", minute, "{}")
                        .replace(
                                "\"requests\":[]",
                                "\"requests\":[{\"by\":\"deploy\",\"reason\":\"" + reason
                                        + "\",\"at\":\"2026-06-06T00:00:00Z\"}]"));
    }

    private Stream<String> list(Path dir, String format, String heap) throws IOException, InterruptedException {
        var out = temporary.resolve("out");
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                OtherixEtcdBackup.class.getName()));
        line.addAll(List.of("list", "-o", format, dir.toString()));
        var process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).as(() -> tail(out)).isZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(out).stream();
    }

    private static String tail(Path out) {
        try {
            var printed = Files.readString(out);
            return printed.substring(Math.max(0, printed.length() - 2000));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }
}
