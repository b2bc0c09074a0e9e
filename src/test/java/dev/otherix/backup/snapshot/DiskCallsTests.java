package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DiskCallsTests {

    @TempDir
    private Path temporary;

    private final Disk disk = new Disk();
    private final DiskCalls calls = disk.calls();
    private final CountDownLatch answer = new CountDownLatch(1);

    @Test
    void aCallIsKnownFromItsBeginToItsEnd() throws InterruptedException {
        assertThat(calls.waitingFor(Duration.ZERO)).isEmpty();

        var waits = waiting("listing");

        await().until(() -> calls.waitingFor(Duration.ofMillis(50)).isPresent());
        assertThat(calls.waitingFor(Duration.ZERO)).get().satisfies(call -> {
            assertThat(call.doing()).isEqualTo("listing");
            assertThat(call.file()).isEqualTo(temporary);
        });
        assertThat(calls.waitingFor(Duration.ofHours(1))).isEmpty();
        assertThat(calls.hanging()).isEmpty();

        answer.countDown();
        waits.join();
        assertThat(calls.waitingFor(Duration.ZERO)).isEmpty();
    }

    @Test
    void aCallOfAnotherThreadByWhichThisOneIsGivenUpShowsThatTheDiskHangs() throws InterruptedException {
        var writes = waiting("writing");
        await().until(() -> calls.waitingFor(Duration.ZERO).isPresent());

        calls.giveUp(Thread.currentThread());

        assertThat(calls.hanging()).get().extracting(DiskCalls.Waiting::doing).isEqualTo("writing");
        answer.countDown();
        writes.join();
        assertThat(calls.hanging()).isEmpty();
        calls.release(Thread.currentThread());
    }

    @Test
    void ofNestedCallsTheOutermostCounts() throws IOException {
        calls.look("deleting", temporary, () -> {
            assertThat(disk.isFile(temporary)).isFalse();
            return assertThat(calls.waitingFor(Duration.ZERO))
                    .get()
                    .extracting(DiskCalls.Waiting::doing)
                    .isEqualTo("deleting");
        });
        assertThat(calls.waitingFor(Duration.ZERO)).isEmpty();
    }

    @Test
    void aCallThatFailsHasEnded() {
        assertThatThrownBy(() -> disk.list(temporary.resolve("missing"))).isInstanceOf(IOException.class);
        assertThat(calls.waitingFor(Duration.ZERO)).isEmpty();
    }

    @Test
    void aThreadThatWasGivenUpChangesNothingMoreAndRemovesWhatItHasHalfMade() throws IOException {
        var file = temporary.resolve("half-made");
        try (var channel = disk.createNew(file)) {
            channel.write(ByteBuffer.wrap(new byte[3]));
            calls.giveUp(Thread.currentThread());

            for (Step step : new Step[] {
                () -> channel.write(ByteBuffer.wrap(new byte[1])),
                () -> channel.force(true),
                () -> disk.createNew(temporary.resolve("another")),
                () -> disk.replace(file, temporary.resolve("renamed")),
                () -> new WholeFiles(disk).nameNew(file, temporary.resolve("named")),
                () -> disk.deleteIfThere(file),
                () -> disk.forceDirectory(temporary)
            }) {
                assertThatThrownBy(step::make).isInstanceOf(DiskCalls.GivenUp.class);
            }
            assertThat(Files.size(file)).isEqualTo(3);
            assertThat(disk.list(temporary)).isEmpty();
        }
        assertThat(disk.discard(file)).isTrue();
        assertThat(temporary).isEmptyDirectory();

        calls.release(Thread.currentThread());
        disk.createNew(file).close();
        assertThat(file).exists();
    }

    @Test
    void aFileOfTheDirectoryIsNeverMapped() throws IOException {
        var file = Files.write(temporary.resolve("otherix"), new byte[10]);
        try (var channel = disk.openToRead(file)) {
            assertThatThrownBy(() -> channel.map(FileChannel.MapMode.READ_ONLY, 0, 10))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    private Thread waiting(String doing) {
        return Thread.ofVirtual().start(() -> {
            try {
                calls.look(doing, temporary, () -> {
                    try {
                        answer.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    return doing;
                });
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        });
    }

    private interface Step {
        void make() throws IOException;
    }
}
