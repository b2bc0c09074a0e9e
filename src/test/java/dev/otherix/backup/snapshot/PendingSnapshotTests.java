package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingSnapshotTests {

    private static final int MIB = 1 << 20;

    @TempDir
    private Path path;

    private final ScriptedDisk disk = new ScriptedDisk();

    @Test
    void closingFromAnotherThreadEndsAWriteThatHangs() throws Exception {
        var stuck = new StuckDisk();
        try (var directory = SnapshotDirectory.open(path, 0L, stuck)) {
            var pending = directory.begin(Sample.minute(1));
            var outcome = new CompletableFuture<Throwable>();
            var writer = Thread.ofPlatform().daemon().start(() -> {
                try {
                    pending.write(ByteBuffer.allocate(MIB));
                    outcome.complete(new AssertionError("the write did not hang"));
                } catch (Throwable ended) {
                    outcome.complete(ended);
                }
            });
            await().until(() -> List.of(writer.getStackTrace()).toString().contains("write0"));
            pending.close();
            assertThat(outcome.get())
                    .isInstanceOf(DirectoryFailure.class)
                    .hasMessageStartingWith("writing " + pending.file().getFileName() + ": it has been closed");
            assertThat(Sample.files(path)).isEmpty();
        }
    }

    @Test
    void aSnapshotThatFitsExactlyIsBegunAndOneByteMoreIsNot() {
        disk.space(1000, () -> 900);
        try (var directory = SnapshotDirectory.open(path, 100L, disk);
                var pending = directory.begin(Sample.minute(1))) {
            pending.expect(800);
            assertNoSpace(1, () -> pending.expect(801));
            assertNoSpace(800, () -> pending.expect(1600));
        }
    }

    @Test
    void aSnapshotThatFillsTheSpaceExactlyIsWritten() {
        var free = new AtomicLong(48L * MIB);
        disk.space(1L << 40, free::get);
        try (var directory = SnapshotDirectory.open(path, 8L * MIB, disk);
                var pending = directory.begin(Sample.minute(1))) {
            pending.expect(40L * MIB);
            for (int i = 0; i < 40; i++) {
                pending.write(ByteBuffer.allocate(MIB));
                free.addAndGet(-MIB);
            }
            assertThat(free).hasValue(8L * MIB);
            pending.commit(Sample.at(1).sized(40L * MIB).snapshot());
        }
    }

    @Test
    void aSnapshotOfUnknownSizeStopsBeforeTheReserve() throws IOException {
        var free = new AtomicLong(60L * MIB);
        var reserve = 10L * MIB;
        disk.space(1L << 40, free::get);
        try (var directory = SnapshotDirectory.open(path, reserve, disk);
                var pending = directory.begin(Sample.minute(1))) {
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> {
                        while (true) {
                            pending.write(ByteBuffer.allocate(MIB));
                            free.addAndGet(-MIB);
                        }
                    })
                    .satisfies(full -> {
                        assertThat(full.reason()).isEqualTo(DirectoryFailure.Reason.NO_SPACE);
                        assertThat(full.missingBytes()).isBetween(1L, 16L * MIB);
                    });
            assertThat(free.get()).isGreaterThanOrEqualTo(reserve);
        }
        assertThat(Sample.files(path)).isEmpty();
    }

    @Test
    void aSnapshotLargerThanExpectedStopsBeforeTheReserveToo() {
        var free = new AtomicLong(20L * MIB);
        disk.space(1L << 40, free::get);
        try (var directory = SnapshotDirectory.open(path, 10L * MIB, disk);
                var pending = directory.begin(Sample.minute(1))) {
            pending.expect(5L * MIB);
            assertThatExceptionOfType(DirectoryFailure.class).isThrownBy(() -> {
                while (true) {
                    pending.write(ByteBuffer.allocate(MIB));
                    free.addAndGet(-MIB);
                }
            });
            assertThat(free.get()).isGreaterThanOrEqualTo(10L * MIB);
        }
    }

    @Test
    void spaceThatSomebodyElseTakesMeanwhileStopsTheWrite() {
        var free = new AtomicLong(1000L * MIB);
        disk.space(1L << 40, free::get);
        try (var directory = SnapshotDirectory.open(path, 100L * MIB, disk);
                var pending = directory.begin(Sample.minute(1))) {
            pending.expect(64L * MIB);
            pending.write(ByteBuffer.allocate(MIB));
            free.set(50L * MIB);
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> {
                        for (int i = 1; i < 20; i++) {
                            pending.write(ByteBuffer.allocate(MIB));
                        }
                    })
                    .withMessageContaining("directory.reserve");
            assertThat(pending.written()).isLessThanOrEqualTo(16L * MIB);
        }
    }

    @Test
    void aFullDeviceIsToldAsNoSpace() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L, disk);
                var pending = directory.begin(Sample.minute(1))) {
            pending.write(ByteBuffer.allocate(64));
            disk.script((number, step) -> {
                if (step.startsWith("sync")) {
                    throw new IOException("No space left on device");
                }
            });
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> pending.commit(Sample.at(1).snapshot()))
                    .withMessageStartingWith(
                            "syncing " + pending.file().getFileName() + ": no space left on the device")
                    .satisfies(full -> assertThat(full.reason()).isEqualTo(DirectoryFailure.Reason.NO_SPACE));
        }
        assertThat(Sample.files(path)).isEmpty();
    }

    @Test
    void aBackgroundSyncThatFailedFailsTheNextWrite() {
        try (var directory = SnapshotDirectory.open(path, 0L, disk);
                var pending = directory.begin(Sample.minute(1))) {
            failFirstSync();
            pending.write(ByteBuffer.allocate((int) BackgroundSync.STEP_BYTES));
            await().untilAsserted(() -> assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> pending.write(ByteBuffer.allocate(1)))
                    .withMessageContaining("the device lost these pages"));
        }
    }

    @Test
    void aBackgroundSyncThatFailedAfterTheLastWriteFailsTheCommit() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L, disk);
                var pending = directory.begin(Sample.minute(1))) {
            failFirstSync();
            pending.write(ByteBuffer.allocate((int) BackgroundSync.STEP_BYTES));
            await().until(() -> !disk.steps().isEmpty());
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> pending.commit(
                            Sample.at(1).sized(BackgroundSync.STEP_BYTES).snapshot()))
                    .withMessageContaining("the device lost these pages");
        }
        assertThat(Sample.files(path)).isEmpty();
    }

    /** As the kernel does it: the error is told once, a second sync of the same file succeeds. */
    private void failFirstSync() {
        disk.script((number, step) -> {
            if (number == 0) {
                throw new IOException("the device lost these pages");
            }
        });
    }

    @Test
    void closingWhereTheFileCannotBeDeletedSaysSoAndEndsTheSync() {
        try (var directory = SnapshotDirectory.open(path, 0L, disk)) {
            var others = syncThreads();
            var pending = directory.begin(Sample.minute(1));
            disk.failAt(0);
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(pending::close)
                    .withMessageStartingWith("deleting " + pending.file().getFileName());
            await().until(() -> others.containsAll(syncThreads()));
        }
    }

    private static Set<Thread> syncThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("snapshot-sync"))
                .collect(Collectors.toSet());
    }

    @Test
    void anEmptyWriteChangesNothing() {
        try (var directory = SnapshotDirectory.open(path, 0L, disk);
                var pending = directory.begin(Sample.minute(1))) {
            pending.write(ByteBuffer.allocate(0));
            assertThat(pending.written()).isZero();
        }
    }

    private static void assertNoSpace(long missing, ThrowingCallable action) {
        assertThatExceptionOfType(DirectoryFailure.class).isThrownBy(action).satisfies(full -> {
            assertThat(full.reason()).isEqualTo(DirectoryFailure.Reason.NO_SPACE);
            assertThat(full.missingBytes()).isEqualTo(missing);
            assertThat(full)
                    .hasMessageContaining(missing + " bytes are missing")
                    .hasMessageContaining("directory.reserve");
        });
    }

    /** Makes pipes that nobody reads, so that a write hangs in the system. */
    private static final class StuckDisk extends Disk {

        private final ArrayDeque<FileChannel> readers = new ArrayDeque<>();

        @Override
        FileChannel createNew(Path file) throws IOException {
            if (!file.toString().endsWith(".db.tmp")) {
                return super.createNew(file);
            }
            try {
                assertThat(new ProcessBuilder("mkfifo", file.toString())
                                .inheritIO()
                                .start()
                                .waitFor())
                        .isZero();
            } catch (InterruptedException impossible) {
                throw new AssertionError(impossible);
            }
            readers.add(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
            return FileChannel.open(file, StandardOpenOption.WRITE);
        }

        @Override
        boolean discard(Path file) throws IOException {
            return Files.deleteIfExists(file);
        }
    }
}
