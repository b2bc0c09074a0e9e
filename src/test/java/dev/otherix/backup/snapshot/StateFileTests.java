package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.snapshot.Consistency.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateFileTests {

    private static final Instant BEGAN = Instant.parse("2026-06-06T03:15:00Z");
    private static final Instant ENDED = Instant.parse("2026-06-06T03:15:30Z");
    private static final LastRun FAILED = LastRun.failed(
            BEGAN,
            ENDED,
            Trigger.SCHEDULE,
            new LastRun.Failure("directory_failed", "no space", Map.of("missing_bytes", 4096)));

    @TempDir
    private Path temporary;

    private final ScriptedDisk disk = new ScriptedDisk();
    private Path file;
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        var path = temporary.resolve("snapshots");
        directory = SnapshotDirectory.open(path, 0L, disk);
        file = path.resolve(".otherix-etcd-backup.state");
    }

    @AfterEach
    void close() {
        disk.heal();
        directory.close();
    }

    @Test
    void whatIsNotedIsThereAfterARestartForItsOwnerOnlyAndIsNoSnapshot() throws IOException {
        var local = LastRun.local(
                BEGAN, ENDED, Trigger.REQUEST, SnapshotName.of("otherix-20260606T031500Z.db"), Reason.NO_QUORUM);
        for (var run : List.of(FAILED, local, LastRun.succeeded(BEGAN, ENDED, Trigger.STARTUP))) {
            directory.state().write(new Remembered(run, null, List.of(), List.of(), null, DrillNotes.NOTHING));
            directory.close();
            directory = SnapshotDirectory.open(directory.path(), 0L, disk);

            assertThat(directory.state().read().lastRun()).isEqualTo(run);
            assertThat(directory.list()).isEmpty();
            assertThat(directory.newestFirst()).isEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void itsFormatIsFixed() throws IOException {
        directory.state().write(new Remembered(FAILED, null, List.of(), List.of(), null, DrillNotes.NOTHING));

        assertThat(Files.readString(file)).isEqualToIgnoringWhitespace("""
                {"version":1,"last_run":{"started_at":"2026-06-06T03:15:00Z","finished_at":"2026-06-06T03:15:30Z",
                "trigger":"schedule","outcome":"failure","name":null,"consistency_reason":null,
                "error":{"code":"directory_failed","message":"no space","details":{"missing_bytes":4096}}},"noted":null,
                "uploads":[],"copying":[],"heartbeat":null,
"drills":{"last":null,"snapshot":null,"counted_at":null,"passed_at":null,"since":null,"tried_at":null,
"tries":0,"copies":null,"skipped":null}}""");
    }

    @Test
    void theLastHeartbeatOutlivesTheProcess() {
        var name = SnapshotName.of("otherix-20260606T031500Z.db");
        directory.state().write(Remembered.NOTHING.with(name).with(FAILED));

        assertThat(directory.state().read().heartbeat()).isEqualTo(name);
    }

    @Test
    void withoutItAndInTheFormatOfALaterVersionNothingIsKnown() throws IOException {
        assertThat(directory.state().read()).isEqualTo(Remembered.NOTHING);

        Files.writeString(file, "{\"version\":2,\"last_run\":null}");
        assertThat(directory.state().read()).isEqualTo(Remembered.NOTHING);

        Files.writeString(file, "{\"version\":1,\"last_drill\":{\"outcome\":\"passed\"}}");
        assertThat(directory.state().read()).isEqualTo(Remembered.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"version\":1,\"last_run\":{\"outcome\":\"failure\"}}",
                "{\"version\":1,\"last_run\":{\"started_at\":\"2026-06-06T03:15:00Z\",\"finished_at\":\"2026-06-06T03:15:00Z\","
                        + "\"trigger\":\"schedule\",\"outcome\":\"failure\",\"error\":null}}"
            })
    void aDamagedOneIsReportedAndTheNextRunReplacesIt(String content) throws IOException {
        Files.writeString(file, content);

        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory.state().read())
                .withMessage(".otherix-etcd-backup.state is damaged (directory " + directory.path() + ")");

        directory.state().write(new Remembered(FAILED, null, List.of(), List.of(), null, DrillNotes.NOTHING));
        assertThat(directory.state().read().lastRun()).isEqualTo(FAILED);
    }

    @Test
    void whatIsNoFileOrTooLargeIsNotRead() throws IOException {
        Files.createDirectory(file);
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory.state().read())
                .withMessageContaining("this service did not write it");
        Files.delete(file);

        Files.write(file, new byte[(1 << 20) + 1]);
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory.state().read())
                .withMessageContaining("this service did not write it");
    }

    @Test
    void marksAreThereAfterARestart() {
        var noted = new NotedMarks("cdf818194e3a8c32", Marks.of(List.of(new Mark(BEGAN, 7), new Mark(ENDED, 9))));

        directory.state().write(new Remembered(FAILED, noted, List.of(), List.of(), null, DrillNotes.NOTHING));
        directory.close();
        directory = SnapshotDirectory.open(directory.path(), 0L, disk);

        assertThat(directory.state().read())
                .isEqualTo(new Remembered(FAILED, noted, List.of(), List.of(), null, DrillNotes.NOTHING));
    }

    @Test
    void whatIsRememberedOfDrillsIsThereAfterARestart() {
        var failed = new Drilled(ENDED, Drilled.Outcome.FAILED, 2.5, "3.6.14", "etcd ended");
        var drills = new DrillNotes(
                failed,
                SnapshotName.of("otherix-20260606T031500Z.db"),
                BEGAN,
                BEGAN,
                BEGAN,
                ENDED,
                3,
                new CopyDrills(5, true, Target.S3),
                new DrillSkip(ENDED, "not enough memory", false));

        directory.state().write(Remembered.NOTHING.drills(_ -> drills));
        directory.close();
        directory = SnapshotDirectory.open(directory.path(), 0L, disk);

        assertThat(directory.state().read().drills()).isEqualTo(drills);
    }

    @Test
    void drillsThatWereNotedBeforeTheirCopiesCountedAreStillKnown() throws IOException {
        Files.writeString(
                file,
                "{\"version\":1,\"last_run\":null,\"drills\":{\"last\":null,\"passed_at\":null,\"since\":null,"
                        + "\"tried_at\":null,\"tries\":2}}");

        assertThat(directory.state().read().drills())
                .isEqualTo(new DrillNotes(null, null, null, null, null, null, 2, null, null));
    }

    @Test
    void marksThatContradictEachOtherAreDamage() throws IOException {
        Files.writeString(
                file,
                "{\"version\":1,\"last_run\":null,\"noted\":{\"cluster_id\":\"a\",\"marks\":"
                        + "[[\"2026-06-06T03:15:00Z\",7],[\"2026-06-06T03:16:00Z\",6]]}}");

        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory.state().read())
                .withMessage(".otherix-etcd-backup.state is damaged (directory " + directory.path() + ")");
    }

    @Test
    void whereOnlyNewMarksCannotBeWrittenTheLastRunStaysKnown() {
        directory.state().write(new Remembered(FAILED, null, List.of(), List.of(), null, DrillNotes.NOTHING));
        disk.script((_, step) -> {
            if (step.startsWith("create ")) {
                throw new IOException("No space left on device");
            }
        });
        var noted = new NotedMarks("a", Marks.of(List.of(new Mark(BEGAN, 7))));

        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory
                        .state()
                        .write(new Remembered(FAILED, noted, List.of(), List.of(), null, DrillNotes.NOTHING)));
        disk.heal();

        assertThat(directory.state().read())
                .isEqualTo(new Remembered(FAILED, null, List.of(), List.of(), null, DrillNotes.NOTHING));
    }

    @Test
    void whereItCannotBeWrittenAnEarlierRunIsNotTakenForTheLast() {
        directory
                .state()
                .write(new Remembered(
                        LastRun.succeeded(BEGAN, ENDED, Trigger.SCHEDULE),
                        null,
                        List.of(),
                        List.of(),
                        null,
                        DrillNotes.NOTHING));
        disk.script((_, step) -> {
            if (step.startsWith("create ")) {
                throw new IOException("No space left on device");
            }
        });

        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory
                        .state()
                        .write(new Remembered(FAILED, null, List.of(), List.of(), null, DrillNotes.NOTHING)))
                .withMessageStartingWith("writing .otherix-etcd-backup.state: no space left on the device");
        disk.heal();
        assertThat(directory.state().read()).isEqualTo(Remembered.NOTHING);
    }
}
