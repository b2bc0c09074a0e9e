package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTests {

    private static final long SECOND = 1_000_000_000;

    private final List<Long> waits = new ArrayList<>();
    private long now = Long.MAX_VALUE - SECOND;

    private Pace pace(long bytesPerSecond) {
        return new Pace(bytesPerSecond, () -> now, nanos -> {
            waits.add(nanos);
            now += nanos;
        });
    }

    private long takes(Pace pace, int pieces, int bytes) {
        var began = now;
        for (int i = 0; i < pieces; i++) {
            pace.accept(bytes);
        }
        return now - began;
    }

    @Test
    void theRateIsHeldOverManyPiecesAndEachWaitIsShort() {
        assertThat(takes(pace(10 << 20), 800, 64 << 10)).isBetween(5 * SECOND - SECOND / 10, 5 * SECOND);
        assertThat(waits).allMatch(wait -> wait < SECOND / 10);
    }

    @Test
    void timeThatWasLostIsMadeUpForByAQuarterOfASecondAtMost() {
        var pace = pace(1 << 20);
        now += 60 * SECOND;

        assertThat(takes(pace, 64, 64 << 10)).isBetween(3 * SECOND + SECOND / 2, 4 * SECOND - SECOND / 5);
    }

    @Test
    void severalThreadsShareTheRate() throws InterruptedException {
        var longest = new AtomicLong();
        var pace = new Pace(1000, () -> 0, nanos -> longest.accumulateAndGet(nanos, Math::max));
        var threads = IntStream.range(0, 4)
                .mapToObj(_ -> Thread.ofPlatform().start(() -> takes(pace, 50_000, 1)))
                .toList();
        for (var thread : threads) {
            thread.join();
        }

        assertThat(longest).hasValue(200 * SECOND);
    }

    @Test
    void withoutALimitNothingWaits() {
        assertThat(takes(pace(0), 100, 1 << 20)).isZero();
    }
}
