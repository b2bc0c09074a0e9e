package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.FaultyDisk;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StatusReaderTests {

    @TempDir
    private Path dir;

    private final FaultyDisk disk = new FaultyDisk();

    private PartsOn parts() {
        var settings = new BackupProperties(true, Duration.ofHours(6), dir, 7);
        return PartsOn.directory(disk.open(dir, 0), settings, "http://127.0.0.1:9", Clock.systemUTC());
    }

    @Test
    void aLookThatIsSlowThoughEveryCallAnswersIsNoHang() {
        try (var parts = parts()) {
            var reader = parts.reader(Clock.systemUTC());
            assertThat(reader.now().directory().failure()).isEmpty();
            var calls = new AtomicInteger();
            disk.watch(_ -> {
                calls.incrementAndGet();
                LockSupport.parkNanos(Duration.ofMillis(800).toNanos());
            });
            assertThat(reader.now().directory().failure()).isEmpty();
            assertThat(calls).as("one answer was late").hasValueGreaterThan(1);
            disk.heal();
        }
    }

    @Test
    void aCallThatDoesNotReturnIsOne() throws Exception {
        try (var parts = parts()) {
            var reader = parts.reader(Clock.systemUTC());
            assertThat(reader.now().directory().failure()).isEmpty();
            var answers = new CountDownLatch(1);
            disk.watch(_ -> {
                try {
                    answers.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            });
            try {
                assertThat(reader.now().directory().failure()).map(Reason::code).contains("directory_hangs");
            } finally {
                answers.countDown();
                disk.heal();
            }
        }
    }
}
