package dev.otherix.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.MemoryStore;
import dev.otherix.backup.offsite.PlainCopies;
import dev.otherix.backup.offsite.Scene;
import dev.otherix.backup.offsite.StoredSample;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scheduled drills of a service that copies without encryption, with a real snapshot and no etcd. */
@Timeout(120)
class CopyDrillTests {

    private static final Duration DAY = Duration.ofDays(1);
    private static final String STAMP = "20260610T110000Z";
    private static final Instant TAKEN = Instant.parse("2026-06-10T11:00:00Z");

    @TempDir
    private Path temporary;

    private final MemoryStore store = new MemoryStore(Target.S3);
    private final TaskList tasks = new TaskList();
    private Path file = Path.of("");
    private Scene scene;
    private Snapshot newest;
    private Drills drills;

    @BeforeEach
    void open() throws IOException {
        file = WrittenPast.small().write(temporary.resolve("snapshot"));
        scene = new Scene(temporary.resolve("snapshots"));
        newest = scene.taken(TAKEN, Files.readAllBytes(file));
        drills = drills(scene.plain(0, store));
    }

    private Drills drills(PlainCopies copies) {
        var settings = new DrillProperties(DAY, null);
        return new Drills(
                scene.directory(),
                new DrillSchedule(settings, scene.directory(), scene.notes(), scene.clock),
                copies,
                new Trial(settings, scene.directory(), scene.turns, scene.clock),
                scene.turns,
                tasks);
    }

    @AfterEach
    void close() throws IOException {
        drills.close();
        assertThat(scratch()).doesNotExist();
        scene.close();
    }

    private Path scratch() {
        return scene.directory().path().resolve(".otherix-etcd-backup.drill");
    }

    private StoredSample sample(String stamp) {
        return new StoredSample(file, stamp);
    }

    /** The next drill, which has ended. */
    private Task<?> next() {
        var task = begun();
        await().until(() -> task.state() instanceof Task.Ended<?>);
        return task;
    }

    private Task<?> begun() {
        var before = tasks.all().size();
        scene.clock.advance(DAY);
        drills.tick();
        await().until(() -> tasks.all().size() > before);
        return tasks.all().getFirst();
    }

    private void drillLocally(int times) {
        for (var i = 0; i < times; i++) {
            assertThat(next().state()).isInstanceOf(Task.Succeeded.class);
            assertThat(last().detail()).isNull();
        }
    }

    private Drilled last() {
        return drills.status().last().orElseThrow();
    }

    private static String failure(Task<?> task) {
        return task.state() instanceof Task.Failed<?> failed ? failed.failure().message() : "it did not fail";
    }

    private Optional<Drilled> ofNewest() {
        return Optional.ofNullable(scene.now(newest).drill());
    }

    @Test
    void theSeventhTakesTheNewestCopyAndTheOthersAskNoStore() {
        var asked = new CopyOnWriteArrayList<String>();
        store.watch(asked::add);
        sample("20260609T110000Z").putInto(store);
        var copy = sample(STAMP);
        copy.putInto(store);
        asked.clear();

        drillLocally(6);
        assertThat(asked).isEmpty();
        assertThat(next().state()).isInstanceOf(Task.Succeeded.class);

        assertThat(last().detail()).isEqualTo("the copy in s3 was drilled");
        assertThat(last().passed()).isTrue();
        assertThat(ofNewest()).contains(last());
        assertThat(asked).contains("read " + copy.objectKey());
        asked.clear();
        drillLocally(6);
        assertThat(asked).isEmpty();
        next();
        assertThat(last().detail()).contains("the copy in s3");
    }

    @Test
    void whatIsFetchedIsInTheDirectoryOfTheDrillForNobodyElse() {
        var copy = sample(STAMP);
        copy.putInto(store);
        var seen = new AtomicReference<String>();
        store.watch(step -> {
            if (step.equals("read " + copy.objectKey())) {
                seen.set(mode(scratch()) + " " + mode(scratch().resolve("fetched.db")));
            }
        });

        drillLocally(6);
        assertThat(next().state()).isInstanceOf(Task.Succeeded.class);

        assertThat(seen).hasValue("rwx------ rw-------");
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException notThere) {
            return notThere.toString();
        }
    }

    @Test
    void theResultOfACopyWhoseSnapshotIsGoneIsTheLastOne() {
        sample("20260610T113000Z").putInto(store);

        drillLocally(6);
        var before = ofNewest();
        var task = next();

        assertThat(task.subject()).contains("otherix-20260610T113000Z.db");
        assertThat(last().detail()).isEqualTo("the copy in s3 was drilled");
        assertThat(ofNewest()).isEqualTo(before);
    }

    @Test
    void anotherSnapshotWithTheNameOfTheCopyKeepsItsRecord() throws IOException {
        var other = WrittenPast.small().put("/otherix/other", "value").write(temporary.resolve("other"));
        new StoredSample(other, STAMP).putInto(store);

        drillLocally(6);
        var before = ofNewest();
        next();

        assertThat(last().detail()).isEqualTo("the copy in s3 was drilled");
        assertThat(ofNewest()).isEqualTo(before);
    }

    @Test
    void aCopyThatIsNotWhatItsRecordSaysIsAFailedDrill() {
        var copy = sample(STAMP).changingTheObject(bytes -> new byte[bytes.length]);
        copy.putInto(store);

        drillLocally(6);
        var task = next();

        assertThat(last().outcome()).isEqualTo(Drilled.Outcome.FAILED);
        assertThat(last().detail())
                .startsWith("the copy in s3 was drilled, " + copy.objectKey() + ": ")
                .contains("was changed: its SHA-256 is");
        assertThat(failure(task)).startsWith("the drill of the copy of " + newest.name() + " in s3 failed: ");
        assertThat(ofNewest()).contains(last());
        drillLocally(6);
    }

    @Test
    void aFileThatIsNotWhatTheRecordSaysIsAFailedDrill() {
        sample(STAMP).changingTheRecord(made -> StoredSample.keyed(made, 9999)).putInto(store);

        drillLocally(6);
        next();

        assertThat(last().outcome()).isEqualTo(Drilled.Outcome.FAILED);
        assertThat(last().detail()).contains("number of live keys", "9999");
    }

    @Test
    void aRecordWithoutItsObjectIsAFailedDrillUnlessBothAreRemovedMeanwhile() {
        var copy = sample(STAMP);
        copy.putInto(store);
        drillLocally(6);
        store.watch(step -> {
            if (step.equals("find " + copy.objectKey())) {
                store.objects().clear();
            }
        });
        assertThat(failure(next())).contains("no drill of the copy of", "the store has the record, and not");
        store.watch(_ -> {});
        drillLocally(1);

        copy.putInto(store);
        store.objects().remove(copy.objectKey());
        next();

        assertThat(last().outcome()).isEqualTo(Drilled.Outcome.FAILED);
        assertThat(last().detail()).contains("the store has the record, and not " + copy.objectKey());
    }

    @Test
    void ifTheCopyCannotBeHadALocalSnapshotIsDrilledAndTheCopyComesNext() {
        sample(STAMP).putInto(store);
        drillLocally(6);
        store.watch(failing("list "));

        var task = next();

        assertThat(failure(task))
                .isEqualTo(
                        "no drill of the newest copy: it cannot be fetched: nobody answers. This says nothing about the snapshot");
        assertThat(drills.status().count(DrillStatus.Outcome.SKIPPED)).isOne();
        drillLocally(1);
        assertThat(failure(next())).as("the next").contains("no drill of the newest copy");
        store.watch(failing("read "));
        drillLocally(1);
        assertThat(failure(next())).contains("nobody answers");
        store.watch(_ -> {});
        drillLocally(1);
        next();
        assertThat(last().detail()).isEqualTo("the copy in s3 was drilled");
        drillLocally(6);
    }

    private static Consumer<String> failing(String step) {
        return found -> {
            if (found.startsWith(step)) {
                throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "nobody answers", null);
            }
        };
    }

    @Test
    void aCopyThatHasNoRoomIsNotFetched() {
        var asked = new CopyOnWriteArrayList<String>();
        var copy = sample(STAMP);
        drillLocally(6);
        for (var bytes : List.of(free() / 2, Long.MAX_VALUE)) {
            copy.changingTheRecord(made -> StoredSample.sized(made, bytes)).putInto(store);
            store.watch(asked::add);

            assertThat(failure(next()))
                    .contains("not enough space for a drill in workers.backup.dir", "what is fetched, the database")
                    .endsWith("drill.interval: 0. This says nothing about the snapshot");

            assertThat(asked).doesNotContain("read " + copy.objectKey());
            drillLocally(1);
        }
    }

    private long free() {
        return temporary.toFile().getUsableSpace();
    }

    @Test
    void withoutACopyLocalSnapshotsAreDrilled() {
        drillLocally(6);
        assertThat(failure(next())).contains("there is no proven copy yet");
        drillLocally(1);
    }

    @Test
    void whereCopiesAreEncryptedNothingIsTried() {
        drills.close();
        drills = drills(PlainCopies.NONE);
        store.watch(failing(""));

        drillLocally(15);
    }

    @Test
    void aRunEndsTheFetchAndTheCopyIsTriedAgain() throws InterruptedException {
        var copy = sample(STAMP);
        copy.putInto(store);
        drillLocally(6);
        var reads = holdingReadsOf(copy.objectKey());
        var task = begun();
        reads.await();

        scene.turns.run().close();

        await().until(() -> task.state() instanceof Task.Ended<?>);
        assertThat(failure(task)).contains("no drill of the copy of " + newest.name() + " in s3: ended by a run");
        assertThat(scratch()).doesNotExist();
        store.watch(_ -> {});
        next();
        assertThat(last().detail()).isEqualTo("the copy in s3 was drilled");
    }

    /** What is read there is not sent until the reader is interrupted. */
    private CountDownLatch holdingReadsOf(String key) {
        var begun = new CountDownLatch(1);
        store.watch(step -> {
            if (step.equals("read " + key)) {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                    throw new StoreFailure(StoreFailure.Code.INTERRUPTED, "interrupted", ended);
                }
            }
        });
        return begun;
    }

    @Test
    void aRequestDoesNotWaitForTheFetchAndIsNeverServedByACopy() throws InterruptedException {
        var copy = sample(STAMP);
        copy.putInto(store);
        drillLocally(6);
        var reads = holdingReadsOf(copy.objectKey());
        var fetching = begun();
        reads.await();

        var asked = drills.request(newest.name());

        await().until(() -> asked.state() instanceof Task.Ended<?>);
        assertThat(asked.state()).isInstanceOf(Task.Succeeded.class);
        assertThat(last().detail()).isNull();
        assertThat(failure(fetching)).contains("ended by a request for a drill");
        store.watch(_ -> {});
        next();
        assertThat(last().detail()).isEqualTo("the copy in s3 was drilled");
    }

    @Test
    void aStopEndsTheFetch() throws InterruptedException {
        var copy = sample(STAMP);
        copy.putInto(store);
        drillLocally(6);
        var reads = holdingReadsOf(copy.objectKey());
        var task = begun();
        reads.await();

        var began = System.nanoTime();
        drills.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        assertThat(failure(task)).contains("the service is stopping");
        assertThat(scratch()).doesNotExist();
    }

    @Test
    void aFetchThatIsEndedAgainAndAgainDoesNotKeepLocalSnapshotsFromBeingDrilled() throws InterruptedException {
        var copy = sample(STAMP);
        copy.putInto(store);
        drillLocally(6);
        for (var i = 0; i < 3; i++) {
            var reads = holdingReadsOf(copy.objectKey());
            var task = begun();
            reads.await();
            scene.turns.run().close();
            await().until(() -> task.state() instanceof Task.Ended<?>);
        }

        drillLocally(1);

        store.watch(_ -> {});
        next();
        assertThat(last().detail()).isEqualTo("the copy in s3 was drilled");
    }
}
