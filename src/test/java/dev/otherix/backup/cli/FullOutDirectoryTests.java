package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.LyingStore;
import dev.otherix.backup.offsite.StoredSample;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another program fills the disk while a copy is unpacked to it. */
@NeedsTmpfs
class FullOutDirectoryTests {

    @TempDir
    private Path dir;

    @Test
    void nothingIsLeftOnADiskThatGetsFull() throws IOException {
        var past = new WrittenPast().compacted(1);
        var random = new Random(1);
        var value = new byte[3000];
        for (var i = 0; i < 1000; i++) {
            random.nextBytes(value);
            past.next().put("/otherix/things/" + i, Base64.getEncoder().encodeToString(value));
        }
        var sample = new StoredSample(past.write(dir.resolve("snapshot")), "20260606T031500Z");
        var store = new LyingStore();
        sample.putInto(store);
        try (var disk = Tmpfs.mount(12)) {
            var filler = disk.directory().resolve("filler");
            store.lie(sample.objectKey(), () -> {
                fill(filler);
                return new ByteArrayInputStream(store.stored(sample.objectKey()));
            });

            var run = new OffsiteScreen(store)
                    .run("offsite", "fetch", "latest", "--out", disk.directory().toString());

            assertThat(run.err()).contains("cannot write what is fetched: ", "nothing was left there");
            assertThat(run.out()).isEmpty();
            assertThat(run.exitCode()).isOne();
            try (var left = Files.list(disk.directory())) {
                assertThat(left).containsExactly(filler);
            }
        }
    }

    private static void fill(Path file) {
        try {
            Files.write(file, new byte[10 << 20]);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
