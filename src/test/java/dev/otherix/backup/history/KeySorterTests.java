package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySorterTests {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 30, 700, 20_000})
    void anyNumberOfKeysComesBackInTheOrderOfTheirBytesAsOftenAsAsked(int count) {
        var random = new Random(count);
        var added = new ArrayList<String>();
        // 40 entries a run: up to 500 runs, which take three steps
        try (var sorter = new KeySorter(dir, 40 * 110)) {
            for (var i = 0; i < count; i++) {
                var key = new byte[random.nextInt(12)];
                random.nextBytes(key);
                sorter.add(Key.of(key), (byte) i);
                added.add(shown(key, (byte) i));
            }
            added.sort(null);
            assertThat(all(sorter)).isEqualTo(added);
            assertThat(all(sorter)).isEqualTo(added);
        }
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void aPlaceWithoutSpaceIsRefused() {
        try (var sorter = new KeySorter(dir.resolve("no"), 100)) {
            assertThatExceptionOfType(Refused.class)
                    .isThrownBy(() -> sorter.add(Key.of("a".repeat(100))))
                    .withMessage("cannot sort in temporary files in " + dir.resolve("no") + ": it does not exist")
                    .satisfies(refused -> assertThat(refused.fix()).contains("--scratch DIR"));
        }
    }

    private static List<String> all(KeySorter sorter) {
        var all = new ArrayList<String>();
        var sorted = sorter.sorted();
        for (var entry = sorted.next(); entry.isPresent(); entry = sorted.next()) {
            all.add(shown(entry.get().key().bytes(), entry.get().note()));
        }
        return all;
    }

    private static String shown(byte[] key, byte... note) {
        return HexFormat.of().formatHex(key) + " " + HexFormat.of().formatHex(note);
    }
}
