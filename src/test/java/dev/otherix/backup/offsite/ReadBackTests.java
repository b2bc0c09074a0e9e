package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Target;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadBackTests {

    private static final int RANGE = 1000;

    private final MemoryStore store = new MemoryStore(Target.S3);

    private static byte[] content(int length) {
        var content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private static String sha256(byte[] content) {
        var sha = new Sha256();
        sha.add(content, 0, content.length);
        return sha.hex();
    }

    private String read(int sizeBytes) {
        return new ReadBack(store, RANGE).sha256("key", null, sizeBytes, _ -> {});
    }

    @ParameterizedTest
    @ValueSource(ints = {1, RANGE - 1, RANGE, RANGE + 1, 2 * RANGE, 2 * RANGE + 1, 5 * RANGE - 1})
    void theHashIsThatOfTheWholeHoweverManyRangesItHas(int length) {
        var content = content(length);
        store.objects().put("key", content);
        var bytes = new AtomicLong();

        assertThat(new ReadBack(store, RANGE).sha256("key", null, length, bytes::addAndGet))
                .isEqualTo(sha256(content));
        assertThat(bytes).hasValue(length);

        store.objects().put("key", Arrays.copyOf(content, length + 1));
        assertThat(read(length)).as("longer").isNotEqualTo(sha256(content));
        store.objects().put("key", Arrays.copyOf(content, length - 1));
        assertThat(read(length)).as("shorter").isNotEqualTo(sha256(content));
        content[length / 2]++;
        store.objects().put("key", content);
        assertThat(read(length)).as("another byte").isNotEqualTo(sha256(content(length)));
    }

    @Test
    void aConnectionThatIsCutCostsOneRangeAndOneThatIsCutAgainAndAgainIsAFailure() {
        var content = content(5 * RANGE);
        store.objects().put("key", content);
        var reads = new AtomicInteger();
        store.watch(_ -> {
            if (reads.incrementAndGet() % 2 == 0) {
                throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "cut", null);
            }
        });
        assertThat(read(content.length)).isEqualTo(sha256(content));
        assertThat(reads).hasValue(9);

        reads.set(0);
        store.watch(_ -> {
            reads.incrementAndGet();
            throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "cut", null);
        });
        assertThatExceptionOfType(StoreFailure.class).isThrownBy(() -> read(content.length));
        assertThat(reads).hasValue(3);
    }
}
