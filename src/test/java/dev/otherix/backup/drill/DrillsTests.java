package dev.otherix.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.drill.DrillStatus.Outcome;
import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.log.Written;
import dev.otherix.backup.offsite.PlainCopies;
import dev.otherix.backup.offsite.Scene;
import dev.otherix.backup.snapshot.DrillSkip;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.FaultyDisk;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is remembered, counted and logged of drills, with real snapshots and no etcd. */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class DrillsTests {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant TAKEN = Instant.parse("2026-06-10T11:00:00Z");

    @TempDir
    private Path temporary;

    private final FaultyDisk disk = new FaultyDisk();
    private final TaskList tasks = new TaskList();
    private Scene scene;
    private Snapshot older;
    private Snapshot newest;
    private Drills drills;

    @BeforeEach
    void open() throws IOException {
        var content = Files.readAllBytes(WrittenPast.small().write(temporary.resolve("snapshot")));
        scene = new Scene(disk.open(temporary.resolve("snapshots"), 0L));
        older = scene.taken(TAKEN.minusSeconds(3600), content);
        newest = scene.taken(TAKEN, content);
        drills = drills(null);
    }

    @AfterEach
    void close() {
        disk.watch(_ -> {});
        drills.close();
        scene.close();
    }

    private Drills drills(@Nullable Path etcd) {
        var settings = new DrillProperties(DAY, etcd);
        return new Drills(
                scene.directory(),
                new DrillSchedule(settings, scene.directory(), scene.notes(), scene.clock),
                PlainCopies.NONE,
                new Trial(settings, scene.directory(), scene.turns, scene.clock),
                scene.turns,
                tasks);
    }

    private void useAnEtcdThatIsNotThere() {
        drills.close();
        drills = drills(temporary.resolve("etcd"));
    }

    private Task<?> drilled(Snapshot snapshot) {
        return ended(drills.request(snapshot.name()));
    }

    /** The drill that is due after this pause. */
    private Task<?> dueAfter(Duration pause) {
        var before = tasks.all().size();
        scene.clock.advance(pause);
        drills.tick();
        await().until(() -> tasks.all().size() > before);
        return ended(tasks.all().getFirst());
    }

    private static Task<?> ended(Task<?> task) {
        await().until(() -> task.state() instanceof Task.Ended<?>);
        return task;
    }

    private static String failure(Task<?> task) {
        return task.state() instanceof Task.Failed<?> failed ? failed.failure().message() : "it did not fail";
    }

    @Test
    void aRequestedDrillOfAnOlderSnapshotIsTheLastOneAndDoesNotCount() {
        drills.tick();
        await().until(() -> drills.status().nextDueAt().isPresent());
        var due = drills.status().nextDueAt();
        var missing = drills.status().missingAfter();
        scene.clock.advance(Duration.ofSeconds(30));

        drilled(older);

        assertThat(drills.status().last()).map(Drilled::passed).contains(true);
        assertThat(drills.status().snapshot()).contains(older.name());
        assertThat(drills.status().nextDueAt()).isEqualTo(due);
        assertThat(drills.status().missingAfter()).isEqualTo(missing);
        assertThat(drills.status().passedAt()).isEmpty();

        drilled(newest);

        var now = scene.clock.instant();
        assertThat(drills.status().snapshot()).contains(newest.name());
        assertThat(drills.status().nextDueAt()).contains(now.plus(DAY));
        assertThat(drills.status().missingAfter()).contains(now.plus(DAY.multipliedBy(3)));
        assertThat(drills.status().passedAt()).contains(now);
    }

    @Test
    void theReasonForASkippedDrillIsKeptUntilOneOfTheNewestHasAResult() {
        useAnEtcdThatIsNotThere();

        dueAfter(Duration.ofMinutes(2));

        assertThat(drills.status().skipped())
                .contains(new DrillSkip(
                        scene.clock.instant(),
                        "there is no etcd to start: the file that drill.etcd names does not exist; install an etcd,"
                                + " and name it in drill.etcd",
                        false));
        drills.close();
        drills = drills(null);
        drilled(older);
        assertThat(drills.status().skipped()).isPresent();
        drilled(newest);
        assertThat(drills.status().skipped()).isEmpty();
    }

    @Test
    void aRequestForAnOlderSnapshotThatIsRefusedIsNoReasonWhyDrillsAreMissing() {
        useAnEtcdThatIsNotThere();

        assertThat(failure(drilled(older))).contains("there is no etcd to start");

        assertThat(drills.status().skipped()).isEmpty();
        assertThat(drills.status().count(Outcome.SKIPPED)).isOne();
    }

    @Test
    void theReasonIsInTheLogOnceADay(CapturedOutput log) {
        useAnEtcdThatIsNotThere();

        dueAfter(Duration.ofMinutes(2));
        dueAfter(Duration.ofHours(6));
        assertThat(Written.out(log).getAll().split("there is no etcd to start", -1))
                .hasSize(2);

        dueAfter(DAY);

        assertThat(Written.out(log).getAll().split("there is no etcd to start", -1))
                .hasSize(3);
    }

    @Test
    void aDrillWhoseRecordCannotBeWrittenIsCountedOnce() {
        disk.watch(step -> {
            if (step.contains(".json")) {
                throw new IOException("broken on purpose: " + step);
            }
        });

        assertThat(failure(drilled(newest)))
                .startsWith("the drill of " + newest.name() + " passed, but its record cannot be written: ");

        assertThat(drills.status().count(Outcome.SUCCESS)).isOne();
        assertThat(drills.status().count(Outcome.SKIPPED)).isZero();
        assertThat(drills.status().last()).map(Drilled::passed).contains(true);
        assertThat(drills.status().skipped()).isEmpty();
    }
}
