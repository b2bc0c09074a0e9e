package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrityFooterTests {

    @TempDir
    private Path temporary;

    private IntegrityFooter.Result check(byte[] bytes) throws IOException {
        return IntegrityFooter.check(Files.write(temporary.resolve("file.db"), bytes));
    }

    private static byte[] real(String name) throws IOException {
        try (var packed = IntegrityFooterTests.class.getResourceAsStream("/snapshots/" + name + ".db.gz");
                var bytes = new GZIPInputStream(packed)) {
            return bytes.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "s34", "e35-mid"})
    void aRealSnapshotPasses(String name) throws Exception {
        var bytes = real(name);

        var result = check(bytes);

        assertThat(result.passed()).isTrue();
        assertThat(result.sizeBytes()).isEqualTo(20512);
        assertThat(result.fileSha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }

    @Test
    void anyFlippedBitIsFound() throws IOException {
        var bytes = real("k");
        var random = new Random(20260606);
        for (int i = 0; i < 200; i++) {
            var bit = random.nextInt(bytes.length * 8);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(check(bytes).passed()).as("bit %d", bit).isFalse();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
        assertThat(check(bytes).passed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 33, 512, 543, 544, 4096, 20480, 20511})
    void aTruncatedFileIsFound(int length) throws IOException {
        assertThat(check(Arrays.copyOf(real("k"), length)).passed()).isFalse();
    }

    @Test
    void whatIsWrongIsSaid() throws IOException {
        assertThat(check(Arrays.copyOf(real("k"), 20480)).problem()).startsWith("no footer: 20480 bytes");
        var flipped = real("k");
        flipped[100] ^= 1;
        assertThat(check(flipped).problem()).contains("the footer says SHA-256").contains("the data has");
    }

    @Test
    void aFileOfSeveralBuffersIsReadToItsEnd() throws Exception {
        var data = new byte[3 * (1 << 20) + 4096];
        new Random(1).nextBytes(data);
        var file = Arrays.copyOf(data, data.length + 32);
        System.arraycopy(MessageDigest.getInstance("SHA-256").digest(data), 0, file, data.length, 32);
        assertThat(check(file).passed()).isTrue();
        file[data.length - 1] ^= 1;
        assertThat(check(file).passed()).isFalse();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        var file = Files.write(temporary.resolve("real.db"), real("k"));
        var link = Files.createSymbolicLink(temporary.resolve("link.db"), file);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> IntegrityFooter.check(link));
    }
}
