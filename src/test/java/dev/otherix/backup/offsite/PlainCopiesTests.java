package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which copy is the newest that can be had, and what a fetch of it takes for good. */
class PlainCopiesTests {

    private static final Instant TAKEN = Instant.parse("2026-06-10T11:00:00Z");

    @TempDir
    private Path temporary;

    private final MemoryStore bucket = new MemoryStore(Target.S3);
    private final MemoryStore disk = new MemoryStore(Target.FILESYSTEM);
    private Path file = Path.of("");
    private Scene scene;

    @BeforeEach
    void open() throws IOException {
        file = WrittenPast.small().write(temporary.resolve("snapshot"));
        scene = new Scene(temporary.resolve("snapshots"));
        scene.taken(TAKEN);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private StoredSample sample(String stamp) {
        return new StoredSample(file, stamp);
    }

    private String newest(@Nullable Target last, MemoryStore... stores) {
        return scene.plain(0, stores)
                .newest(scene.directory().list(), last)
                .map(copy -> copy.target().word() + " " + copy.name())
                .orElse("none");
    }

    @Test
    void theNewestProvenOneThatNeedsNoIdentityCounts() {
        assertThat(newest(null, bucket)).isEqualTo("none");
        sample("20260601T110000Z").putInto(bucket);
        sample("20260602T110000Z").putInto(bucket);
        assertThat(newest(null, bucket)).isEqualTo("s3 otherix-20260602T110000Z.db");

        sample("20260603T110000Z").forKeys(AgeKey.generate()).putInto(bucket);
        sample("20260604T110000Z").changingTheRecord(StoredSample::unproven).putInto(bucket);
        bucket.put(sample("20260605T110000Z").recordKey(), "{}".getBytes(StandardCharsets.US_ASCII), false);
        sample("20260606T110000Z")
                .in(new Folder("otherix-etcd-backup", "ca-0123456789abcdef", "1111"))
                .putInto(bucket);
        bucket.put(sample("20260607T110000Z").objectKey(), new byte[9], false);

        assertThat(newest(null, bucket)).isEqualTo("s3 otherix-20260602T110000Z.db");
    }

    @Test
    void aNewerFileThatIsNotProvenDoesNotSayWhoseCopiesCount() throws IOException {
        sample("20260601T110000Z").putInto(bucket);
        Files.write(scene.directory().path().resolve("otherix-20260610T113000Z.db"), new byte[64]);

        assertThat(newest(null, bucket)).isEqualTo("s3 otherix-20260601T110000Z.db");
    }

    @Test
    void recordsThatAreNoneAreReadAHundredTimesAtMost() {
        sample("20260501T000000Z").putInto(bucket);
        var folder = sample("20260501T000000Z").folder().path();
        for (int i = 0; i < 200; i++) {
            bucket.put(folder + "otherix-20260601T%06dZ.json".formatted(i / 60 * 100 + i % 60), new byte[1], false);
        }
        var read = new AtomicInteger();
        bucket.watch(step -> {
            if (step.startsWith("read ")) {
                read.incrementAndGet();
            }
        });

        assertThat(newest(null, bucket)).isEqualTo("none");
        assertThat(read).hasValue(100);
    }

    @Test
    void twoTargetsTakeTurnsAndOneServesForBoth() {
        sample("20260601T110000Z").putInto(disk);
        assertThat(newest(null, bucket, disk)).isEqualTo("filesystem otherix-20260601T110000Z.db");
        sample("20260602T110000Z").putInto(bucket);
        assertThat(newest(null, bucket, disk)).isEqualTo("s3 otherix-20260602T110000Z.db");
        assertThat(newest(Target.S3, bucket, disk)).isEqualTo("filesystem otherix-20260601T110000Z.db");
        assertThat(newest(Target.FILESYSTEM, bucket, disk)).isEqualTo("s3 otherix-20260602T110000Z.db");

        bucket.watch(_ -> {
            throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "nobody answers", null);
        });
        assertThat(newest(Target.FILESYSTEM, bucket, disk)).isEqualTo("filesystem otherix-20260601T110000Z.db");
        disk.objects().clear();
        assertThatExceptionOfType(StoreFailure.class)
                .isThrownBy(() -> newest(null, bucket, disk))
                .withMessage("nobody answers");
    }

    private PlainCopy copy(long rate, StoredSample sample) {
        sample.putInto(bucket);
        return scene.plain(rate, bucket).newest(scene.directory().list(), null).orElseThrow();
    }

    private Path empty() throws IOException {
        return Files.createFile(temporary.resolve("fetched"));
    }

    @Test
    void whatIsFetchedIsTheFileAndIsProven() throws IOException {
        var copy = copy(0, sample("20260601T110000Z"));
        var fetched = empty();

        copy.fetch(fetched, _ -> {});

        assertThat(fetched).hasSameBinaryContentAs(file);
        assertThat(copy.sizeBytes()).isEqualTo(Files.size(file));
        var proven = copy.proven(fetched, TAKEN, _ -> {});
        assertThat(proven.name()).isEqualTo(copy.name());
        assertThat(copy.isOf(proven)).isTrue();
    }

    @Test
    void aFetchIsHeldToTheRate() throws IOException {
        var value = new byte[15_000];
        new Random(1).nextBytes(value);
        file = WrittenPast.small()
                .put("/otherix/large", HexFormat.of().formatHex(value))
                .write(temporary.resolve("large"));
        var copy = copy(10 << 10, sample("20260601T110000Z"));
        var began = System.nanoTime();

        copy.fetch(empty(), _ -> {});

        // 15 KB, of which a quarter of a second is credit
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1200));
    }

    @Test
    void aCopyInAnArchiveOrOneThatIsRemovedMeanwhileIsNoWrongOne() throws IOException {
        var sample = sample("20260601T110000Z");
        var copy = copy(0, sample);
        var fetched = empty();
        bucket.objects().remove(sample.objectKey());
        assertThatExceptionOfType(CopyRefused.class).isThrownBy(() -> copy.fetch(fetched, _ -> {}));

        bucket.objects().clear();

        assertThatExceptionOfType(StoreFailure.class).isThrownBy(() -> copy.fetch(fetched, _ -> {}));
    }
}
