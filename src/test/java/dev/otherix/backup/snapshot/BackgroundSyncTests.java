package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class BackgroundSyncTests {

    private static final long STEP = BackgroundSync.STEP_BYTES;

    @TempDir
    private Path path;

    private final SlowDisk disk = new SlowDisk();
    private FileChannel file;
    private BackgroundSync sync;

    @BeforeEach
    void start() throws IOException {
        file = disk.createNew(path.resolve("growing"));
        sync = new BackgroundSync(file, disk);
    }

    @AfterEach
    void end() throws IOException {
        disk.mayEnd.release(1000);
        sync.stop();
        file.close();
    }

    @Test
    void theFileIsSyncedEachTimeItHasGrownByAStep() throws IOException {
        disk.mayEnd.release(1000);
        sync.grown(STEP - 1);
        sync.grown(STEP);
        await().untilAsserted(() -> assertThat(disk.ended).hasValue(1));
        sync.grown(2 * STEP - 1);
        sync.grown(2 * STEP);
        await().untilAsserted(() -> assertThat(disk.ended).hasValue(2));
        sync.finish();
        assertThat(disk.ended).as("less than a step is left for the commit").hasValue(2);
    }

    @Test
    void theWriterDoesNotWaitAndNoSecondSyncBeginsMeanwhile() throws IOException {
        sync.grown(STEP);
        await().until(() -> disk.begun.get() == 1);
        for (int step = 2; step <= 100; step++) {
            sync.grown(step * STEP);
        }
        assertThat(disk.begun).as("while the first one lasts").hasValue(1);
        disk.mayEnd.release(1000);
        await().untilAsserted(() -> assertThat(disk.ended)
                .as("one sync for all that came meanwhile")
                .hasValue(2));
        assertThat(disk.mostAtOnce).hasValue(1);
    }

    @Test
    void aFailedSyncFailsTheWriterAtItsNextStepAndTheFinish() {
        disk.failure = new IOException("the device lost these pages");
        disk.mayEnd.release(1000);
        await().untilAsserted(() -> assertThatIOException()
                .isThrownBy(() -> sync.grown(STEP))
                .withMessage("the device lost these pages")
                .havingCause()
                .isSameAs(disk.failure));
        disk.failure = null;
        assertThatIOException().isThrownBy(() -> sync.grown(2 * STEP)).withMessage("the device lost these pages");
        assertThatIOException().isThrownBy(sync::finish).withMessage("the device lost these pages");
        assertThat(disk.begun)
                .as("it is not tried again, the second would succeed")
                .hasValue(1);
    }

    @Test
    void aSyncThatFailsWhileItIsWaitedForFailsTheFinish() throws IOException {
        sync.grown(STEP);
        await().until(() -> disk.begun.get() == 1);
        disk.failure = new IOException("the device lost these pages");
        disk.mayEnd.release(1000);
        assertThatIOException().isThrownBy(sync::finish).withMessage("the device lost these pages");
    }

    @Test
    void stoppingWaitsForTheSyncUnderWay() throws Exception {
        sync.grown(STEP);
        await().until(() -> disk.begun.get() == 1);
        var stopping = Thread.ofPlatform().daemon().start(sync::stop);
        await().until(() -> stopping.getState() == Thread.State.WAITING);
        assertThat(disk.ended).hasValue(0);
        disk.mayEnd.release(1000);
        stopping.join();
        assertThat(disk.ended).hasValue(1);
    }

    @Test
    void anInterruptDoesNotCutTheWaitShortAndIsNotLost() throws Exception {
        sync.grown(STEP);
        await().until(() -> disk.begun.get() == 1);
        var ended = new AtomicInteger(-1);
        var stopping = Thread.ofPlatform().daemon().start(() -> {
            Thread.currentThread().interrupt();
            sync.stop();
            ended.set(Thread.currentThread().isInterrupted() ? disk.ended.get() : -2);
        });
        await().until(() -> stopping.getState() == Thread.State.WAITING && !stopping.isInterrupted());
        disk.mayEnd.release(1000);
        stopping.join();
        assertThat(ended).hasValue(1);
    }

    @Test
    void anIdleSyncStopsAtOnceAndTwiceIsFine() throws IOException {
        sync.stop();
        sync.finish();
        sync.grown(10 * STEP);
        assertThat(disk.begun).hasValue(0);
    }

    /** A disk whose syncs end when the test says so. */
    private static final class SlowDisk extends Disk {

        final AtomicInteger begun = new AtomicInteger();
        final AtomicInteger ended = new AtomicInteger();
        final AtomicInteger mostAtOnce = new AtomicInteger();
        final Semaphore mayEnd = new Semaphore(0);
        volatile @Nullable IOException failure;

        @Override
        void force(FileChannel file, boolean metadata) throws IOException {
            var running = begun.incrementAndGet() - ended.get();
            mostAtOnce.accumulateAndGet(running, Math::max);
            mayEnd.acquireUninterruptibly();
            var broken = failure;
            ended.incrementAndGet();
            if (broken != null) {
                throw broken;
            }
            super.force(file, metadata);
        }
    }
}
