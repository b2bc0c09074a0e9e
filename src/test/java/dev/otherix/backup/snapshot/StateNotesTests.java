package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is noted at once is on the disk when the caller goes on. How runs are noted, the tests of runs show. */
@Timeout(60)
class StateNotesTests implements StateNotes.Trouble {

    private static final OpenUpload UPLOAD = new OpenUpload(Target.S3, "key", "id-1");
    private static final OpenUpload OTHER = new OpenUpload(Target.FILESYSTEM, "key", "id-1");

    @TempDir
    private Path temporary;

    private final ScriptedDisk disk = new ScriptedDisk();
    private final List<DirectoryFailure> refusals = new CopyOnWriteArrayList<>();
    private SnapshotDirectory directory;
    private StateNotes notes;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L, disk);
        notes = new StateNotes(directory.state(), Remembered.NOTHING, this, Duration.ofMillis(50));
    }

    @AfterEach
    void close() {
        disk.heal();
        notes.close();
        directory.close();
    }

    @Override
    public void refused(DirectoryFailure why) {
        refusals.add(why);
    }

    @Override
    public void unforeseen(Throwable why) {
        throw new AssertionError(why);
    }

    @Override
    public void late(StateFile file, Duration limit) {
        throw new AssertionError("late");
    }

    @Test
    void anUploadIsWrittenWhenTheCallerGoesOnAndStaysUntilItIsTakenOut() throws InterruptedException {
        notes.noteNow(before -> before.with(UPLOAD));
        assertThat(directory.state().read().uploads()).containsExactly(UPLOAD);

        notes.noteNow(before -> before.with(OTHER).with(UPLOAD));
        assertThat(directory.state().read().uploads()).containsExactly(OTHER, UPLOAD);

        notes.noteNow(before -> before.without(UPLOAD));
        assertThat(directory.state().read().uploads()).containsExactly(OTHER);
    }

    @Test
    void aDiskThatRefusesIsReportedToTheCallerAndTriedAgain() {
        disk.scriptNotes((_, _) -> {
            throw new IOException("Read-only file system");
        });

        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> notes.noteNow(before -> before.with(UPLOAD)))
                .withMessageContaining(StateFile.FILE);
        assertThat(refusals).hasSize(1);
        disk.scriptNotes((_, _) -> {});

        await().untilAsserted(
                        () -> assertThat(directory.state().read().uploads()).containsExactly(UPLOAD));
    }

    @Test
    void aCallerThatIsInterruptedDoesNotWaitForTheDisk() throws InterruptedException {
        var answers = new CountDownLatch(1);
        disk.scriptNotes((_, _) -> await().until(() -> answers.getCount() == 0));
        var interrupted = new CountDownLatch(1);
        var caller = Thread.ofPlatform().start(() -> {
            try {
                notes.noteNow(before -> before.with(UPLOAD));
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
        });

        caller.interrupt();

        interrupted.await();
        answers.countDown();
        await().untilAsserted(
                        () -> assertThat(directory.state().read().uploads()).containsExactly(UPLOAD));
    }
}
