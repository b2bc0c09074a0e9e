package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.job.SampleFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no snapshots as they are. */
class ForeignFileTests {

    private static final long GIB = 1L << 30;

    @TempDir
    private Path dir;

    @Test
    void aCompressedSnapshotIsNoDamagedOneAndTheCommandThatIsToldUnpacksIt() throws IOException, InterruptedException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(SampleFile.good());
        }
        var file = Files.write(dir.resolve("it's k.db.gz"), packed.toByteArray());
        var run = OfflineScene.run("verify", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(": it is compressed (gzip). Unpack it first: gzip -dc '");
        var command = run.err().substring(run.err().indexOf("gzip -dc")).strip();
        assertThat(new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor())
                .isZero();
        assertThat(OfflineScene.run("verify", dir.resolve("it's k.db").toString())
                        .exitCode())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "28b52ffd24, zstd -dc, compressed",
        "fd377a585a0000, xz -dc, compressed",
        "425a6839, bzip2 -dc, compressed",
        "04224d1864, lz4 -dc, compressed",
        "504b030414, unzip -p, compressed",
        "6167652d656e6372797074696f6e2e6f72672f76310a, age -d -i IDENTITY, encrypted",
        "2d2d2d2d2d424547494e2041474520454e435259505445442046494c452d2d2d2d2d, age -d -i IDENTITY, encrypted"
    })
    void aFormatIsKnownByItsFirstBytes(String start, String command, String code) throws IOException {
        var file = Files.write(dir.resolve("snapshot"), HexFormat.of().parseHex(start));
        var run = OfflineScene.run("verify", "-o", "json", file.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.json().at("/files/0/findings/0/code").asString()).isEqualTo(code);
        assertThat(run.json().at("/files/0/facts").isNull()).isTrue();
        assertThat(run.err()).contains("first: " + command + " " + file + " > " + file + ".db");
        var ca = OfflineScene.run(
                "ca", file.toString(), "--out", dir.resolve("out").toString());
        assertThat(ca.exitCode()).isEqualTo(2);
        assertThat(ca.err()).contains(command);
    }

    @Test
    void anEmptyFileIsToldToBeEmpty() throws IOException {
        var run =
                OfflineScene.run("verify", Files.createFile(dir.resolve("e.db")).toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("it is empty (0 bytes). Take another one.");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void aLargeFileIsKnownByItsFirstPage() throws IOException {
        var sparse = dir.resolve("sparse.db");
        var other = dir.resolve("other.db");
        try (var zeros = new RandomAccessFile(sparse.toFile(), "rw");
                var text = new RandomAccessFile(other.toFile(), "rw")) {
            zeros.setLength(40 * GIB);
            text.write("a picture".getBytes(StandardCharsets.US_ASCII));
            text.setLength(40 * GIB);
        }
        assertThat(OfflineScene.run("verify", sparse.toString()).err())
                .contains("it begins with 65556 zero bytes, which no snapshot does");
        var run = OfflineScene.run("verify", other.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("it does not begin like an etcd database");
    }

    @Test
    void aSnapshotWhoseBeginningIsLostIsDamaged() throws IOException {
        var file = SampleFile.good();
        Arrays.fill(file, 0, 8192, (byte) 0);
        var run = OfflineScene.run(
                "verify", Files.write(dir.resolve("lost.db"), file).toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("DAMAGED", "no_meta");
    }
}
