package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.log.Written;
import dev.otherix.backup.offsite.OffsiteStatus.CheckOutcome;
import dev.otherix.backup.offsite.OffsiteStatus.Code;
import dev.otherix.backup.offsite.OffsiteStatus.CopyOutcome;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.OpenUpload;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A store, a disk or another machine that does not do what is expected of it, at each step of a copy. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class CopyTroubleTests {

    private static final Instant NOON = Instant.parse("2026-06-10T11:00:00Z");
    private static final String FOLDER = "backups/ca-0123456789abcdef/" + Scene.MEMBER + "/";
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(15);

    @TempDir
    private Path temporary;

    private final MemoryStore store = new MemoryStore(Target.S3);
    private Scene scene;
    private Offsite offsite;

    @BeforeEach
    void open() {
        scene = new Scene(temporary.resolve("snapshots"));
        offsite = scene.copyingTo(Scene.settings(null), store);
    }

    @AfterEach
    void close() {
        store.watch(_ -> {});
        scene.close();
    }

    private static Consumer<String> failing(String verb, AtomicInteger times, StoreFailure.Code code) {
        return step -> {
            if (step.startsWith(verb + " ") && times.getAndDecrement() > 0) {
                throw new StoreFailure(code, "broken on purpose: " + verb, null);
            }
        };
    }

    private static int timesLogged(CapturedOutput output) {
        return Written.out(output).getAll().split("broken on purpose", -1).length - 1;
    }

    private OffsiteStatus.OfTarget status() {
        return offsite.status().targets().getFirst();
    }

    private void becomesCopied(Snapshot snapshot) {
        await().until(() -> {
            scene.nanos.advance(LONGEST_RETRY);
            offsite.tick();
            return scene.now(snapshot)
                    .copy(Target.S3)
                    .filter(copy -> copy.state() == Copy.State.COPIED)
                    .isPresent();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe", "list", "find", "begin", "part", "complete", "read", "put", "put-answer"})
    void afterAFailureAtAnyStepNothingIsHalfThereAndTheNextTryMakesTheCopy(String verb, CapturedOutput output) {
        // lines of an earlier test may come late
        var before = timesLogged(output);
        var snapshot = scene.taken(NOON);
        store.watch(failing(verb, new AtomicInteger(2), StoreFailure.Code.UNAVAILABLE));

        offsite.tick();
        await().until(() ->
                status().error().isPresent() || !scene.now(snapshot).copies().isEmpty());
        becomesCopied(snapshot);

        assertThat(store.uploads()).isEmpty();
        assertThat(store.objects().keySet())
                .contains(
                        FOLDER + snapshot.name() + ".gz.age",
                        FOLDER + snapshot.name().recordFile())
                .hasSize(3);
        await().untilAsserted(() -> assertThat(status().error()).isEmpty());
        assertThat(status().counts().copies()).containsEntry(CopyOutcome.SUCCESS, 1L);
        assertThat(timesLogged(output) - before)
                .as("each error is logged once, also the second time")
                .isLessThanOrEqualTo(1);
        assertThat(scene.doubted).isEmpty();
    }

    @Test
    void aStoreThatFailsIsTriedAgainNotBeforeItsTimeAndLaterAndLater() {
        var tries = new AtomicInteger();
        scene.taken(NOON);
        store.watch(step -> {
            if (step.startsWith("probe")) {
                tries.incrementAndGet();
                throw new StoreFailure(StoreFailure.Code.DENIED, "access denied", null);
            }
        });
        for (int minutes : List.of(0, 1, 2, 4, 8, 15, 15)) {
            var before = tries.get();
            if (minutes > 0) {
                scene.nanos.advance(Duration.ofSeconds(minutes * 47L));
                offsite.tick();
                scene.nanos.advance(Duration.ofSeconds(minutes * 13L));
            }
            offsite.tick();
            await().until(() -> tries.get() > before);
            assertThat(tries.get()).as("after %d minutes", minutes).isEqualTo(before + 1);
            await().until(() -> status().error().isPresent());
        }
        assertThat(status().error()).contains("access denied");
        assertThat(status().pending()).isEqualTo(1);
    }

    @Test
    void aCopyThatDoesNotReturnWhatWasSentIsNoCopy() {
        var snapshot = scene.taken(NOON);
        store.watch(step -> {
            if (step.equals("read " + FOLDER + snapshot.name() + ".gz.age")) {
                store.objects().compute(FOLDER + snapshot.name() + ".gz.age", (_, content) -> {
                    content[content.length / 2]++;
                    return content;
                });
            }
        });

        offsite.tick();

        await().untilAsserted(() -> assertThat(status().error())
                .hasValueSatisfying(why -> assertThat(why).contains("does not return what was sent")));
        assertThat(scene.now(snapshot).copies()).isEmpty();
        assertThat(store.objects()).doesNotContainKey(FOLDER + snapshot.name().recordFile());
        store.watch(_ -> {});
        becomesCopied(snapshot);
    }

    @Test
    void moreBytesThanWereSentAreAnotherObject() {
        var snapshot = scene.taken(NOON);
        store.watch(step -> {
            if (step.equals("read " + FOLDER + snapshot.name() + ".gz.age")) {
                store.objects()
                        .computeIfPresent(
                                FOLDER + snapshot.name() + ".gz.age",
                                (_, content) -> java.util.Arrays.copyOf(content, content.length + 1));
            }
        });

        offsite.tick();

        await().untilAsserted(() -> assertThat(status().error()).isPresent());
        assertThat(scene.now(snapshot).copies()).isEmpty();
    }

    @Test
    void aFileThatIsNotWhatItsRecordSaysIsNotCopiedButCheckedAndTheOthersAre() throws IOException {
        var rotten = scene.taken(NOON);
        var good = scene.taken(NOON.minusSeconds(60));
        var file = scene.directory().path().resolve(rotten.name().toString());
        var bytes = Files.readAllBytes(file);
        bytes[100]++;
        Files.write(file, bytes);

        becomesCopied(good);

        assertThat(scene.now(rotten).copies()).isEmpty();
        assertThat(store.objects().keySet())
                .noneMatch(key -> key.contains(rotten.name().toString()));
        await().untilAsserted(() -> assertThat(store.uploads()).isEmpty());
        assertThat(scene.doubted).contains(rotten.name());
        assertThat(status().error())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("its SHA-256 is").contains(rotten.sha256()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"begin", "part", "complete", "read", "put"})
    void aSnapshotThatIsPrunedOrSetAsideWhileItIsCopiedIsNoFailure(String verb) {
        for (var corrupt : List.of(true, false)) {
            var snapshot = scene.taken(NOON.plusSeconds(corrupt ? 1 : 2));
            var gone = new CountDownLatch(1);
            store.watch(step -> {
                if (step.startsWith(verb + " ")
                        && step.contains(snapshot.name().toString().substring(0, 20))
                        && gone.getCount() > 0) {
                    if (corrupt) {
                        scene.directory().setCorrupt(snapshot.name());
                    } else {
                        scene.directory().delete(snapshot.name());
                    }
                    gone.countDown();
                }
            });

            offsite.tick();

            await().until(() -> gone.getCount() == 0);
            await().untilAsserted(() -> assertThat(status().counts().copies().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isPositive());
            await().untilAsserted(() -> {
                offsite.tick();
                assertThat(status().error()).isEmpty();
                assertThat(status().pending()).isZero();
            });
            store.watch(_ -> {});
        }
        assertThat(scene.directory().list()).isEmpty();
    }

    @Test
    void whatAnEarlierProcessCopiedIsReadBackAndNotedAndNotSentAgain() {
        var snapshot = scene.taken(NOON);
        becomesCopied(snapshot);
        var copies = scene.now(snapshot).copies();
        var objects = store.objects().size();
        // as after a crash between the record there and the one here
        scene.directory().delete(snapshot.name());
        scene.taken(NOON);
        var steps = new CopyOnWriteArrayList<String>();
        store.watch(steps::add);

        becomesCopied(snapshot);

        assertThat(scene.now(snapshot).copies()).isEqualTo(copies);
        assertThat(steps).noneMatch(step -> step.startsWith("begin") || step.startsWith("put"));
        assertThat(steps).anyMatch(step -> step.equals("read " + FOLDER + snapshot.name() + ".gz.age"));
        assertThat(store.objects()).hasSize(objects);
    }

    @Test
    void aKeyWithTheRecordOfAnotherFileIsNeverWrittenAndMeansAnotherWriter() {
        var snapshot = scene.taken(NOON);
        becomesCopied(snapshot);
        var before = java.util.Map.copyOf(store.objects());
        scene.directory().delete(snapshot.name());
        // another machine's snapshot of the same second, which this one must not hide
        var other = scene.taken(NOON, 5000, Scene.CA);

        offsite.tick();

        await().untilAsserted(() -> assertThat(status().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.code()).isEqualTo(Code.OFFSITE_OTHER_WRITER)));
        assertThat(store.objects()).isEqualTo(before);
        assertThat(scene.now(other).copies()).isEmpty();
    }

    @Test
    void aRecordThatAppearsWhileTheServiceRunsMeansAnotherWriterUntilARestart() {
        becomesCopied(scene.taken(NOON));
        assertThat(status().findings()).isEmpty();
        store.put(
                FOLDER + "otherix-20260610T113000Z.json",
                "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                false);

        var next = scene.taken(NOON.plusSeconds(60));
        becomesCopied(next);

        assertThat(status().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(Code.OFFSITE_OTHER_WRITER);
            assertThat(finding.message()).contains("otherix-20260610T113000Z.json");
        });
        becomesCopied(scene.taken(NOON.plusSeconds(120)));
        assertThat(status().findings()).hasSize(1);
        offsite.close();
        offsite = scene.copyingTo(Scene.settings(null), store);
        becomesCopied(scene.taken(NOON.plusSeconds(180)));
        assertThat(status().findings()).isEmpty();
    }

    @Test
    void underTheNameOfAnotherClusterNothingIsWrittenAndTheRealOnesSnapshotsAreStillCopied() {
        offsite.close();
        offsite = scene.copyingTo(Scene.settings("prod"), store);
        becomesCopied(scene.taken(NOON));
        var real = scene.taken(NOON.plusSeconds(60));
        // a blank cluster, without a CA, and one with another CA
        for (var ca : java.util.Arrays.asList(null, "sha256:" + "f".repeat(64))) {
            var stranger = scene.taken(NOON.plusSeconds(ca == null ? 120 : 180), 4096, ca);

            becomesCopied(real);

            await().untilAsserted(() -> {
                offsite.tick();
                assertThat(status().findings()).singleElement().satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(Code.OFFSITE_OTHER_CLUSTER);
                    assertThat(finding.message()).contains(stranger.name().toString(), "offsite.cluster");
                });
            });
            assertThat(store.objects().keySet())
                    .noneMatch(key -> key.contains(stranger.name().toString()));
            assertThat(status().pending()).isZero();
        }
    }

    @Test
    void twoMembersAndTwoClustersShareABucket() {
        var mine = scene.taken(NOON);
        var others = scene.taken(NOON.minusSeconds(60), 4096, "sha256:" + "f".repeat(64));
        becomesCopied(others);

        assertThat(store.objects())
                .containsKey("backups/ca-ffffffffffffffff/" + Scene.MEMBER + "/"
                        + others.name().recordFile())
                .containsKey(FOLDER + mine.name().recordFile());
        assertThat(status().findings()).isEmpty();
        assertThat(status().stored()).isEqualTo(2);
    }

    @Test
    void whatACrashLeftOpenIsAbortedBeforeTheNextCopy() throws InterruptedException {
        store.begin(FOLDER + "half.gz.age", _ -> {});
        scene.notes().noteNow(before -> before.with(new OpenUpload(Target.S3, FOLDER + "half.gz.age", "upload-1")));
        var snapshot = scene.taken(NOON);

        becomesCopied(snapshot);

        assertThat(store.uploads()).isEmpty();
        await().untilAsserted(() ->
                assertThat(scene.directory().state().read().uploads()).isEmpty());
    }

    @Test
    void theIdOfAnUploadIsOnTheDiskBeforeTheFirstPart() {
        var snapshot = scene.taken(NOON);
        var noted = new CopyOnWriteArrayList<OpenUpload>();
        store.watch(step -> {
            if (step.startsWith("part ")) {
                noted.addAll(scene.directory().state().read().uploads());
            }
        });

        becomesCopied(snapshot);

        assertThat(noted).containsExactly(new OpenUpload(Target.S3, FOLDER + snapshot.name() + ".gz.age", "upload-1"));
    }

    @Test
    void aTargetThatHangsHoldsUpNeitherTheOtherNorAStop() {
        offsite.close();
        var other = new MemoryStore(Target.FILESYSTEM);
        offsite = scene.copyingTo(Scene.settings(null), store, other);
        var snapshot = scene.taken(NOON);
        var hangs = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        store.watch(step -> {
            if (step.startsWith("part ")) {
                hangs.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException stopped) {
                    interrupted.countDown();
                    throw new StoreFailure(StoreFailure.Code.INTERRUPTED, "interrupted", stopped);
                }
            }
        });

        offsite.tick();
        var asked = offsite.requestCopy(snapshot.name());

        await().until(() -> scene.now(snapshot).copy(Target.FILESYSTEM).isPresent() && hangs.getCount() == 0);
        assertThat(scene.now(snapshot).copy(Target.S3)).isEmpty();
        var began = System.nanoTime();
        offsite.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
        assertThat(interrupted.getCount()).isZero();
        assertThat(asked.ended().join())
                .isInstanceOfSatisfying(
                        Task.Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN));
        assertThat(store.uploads()).isEmpty();
    }

    @Test
    void aRequestIsTriedAtOnceAndSaysWhyItFailed() {
        var snapshot = scene.taken(NOON);
        store.watch(failing("probe", new AtomicInteger(2), StoreFailure.Code.DENIED));
        offsite.tick();
        await().until(() -> status().error().isPresent());

        var failed = offsite.requestCopy(snapshot.name()).ended().join();
        assertThat(failed).isInstanceOfSatisfying(Task.Failed.class, task -> {
            assertThat(task.failure().code()).isEqualTo(TaskFailure.Code.OFFSITE_FAILED);
            assertThat(task.failure().message()).isEqualTo("broken on purpose: probe");
            assertThat(task.failure().details()).containsEntry("target", "s3");
        });

        var made = offsite.requestCopy(snapshot.name()).ended().join();
        assertThat(made).isInstanceOf(Task.Succeeded.class);
        assertThat(scene.now(snapshot).copy(Target.S3)).isPresent();
        var steps = new CopyOnWriteArrayList<String>();
        store.watch(steps::add);
        assertThat(offsite.requestCopy(snapshot.name()).ended().join()).isInstanceOf(Task.Succeeded.class);
        assertThat(steps).as("it was there").noneMatch(step -> step.startsWith("begin"));
    }

    @Test
    void oneThatWasRemovedIsCopiedAgainOnlyOnRequest() {
        var snapshot = scene.taken(NOON);
        becomesCopied(snapshot);
        store.objects().clear();
        var copy = scene.now(snapshot).copy(Target.S3).orElseThrow();
        scene.directory().note(snapshot.name(), copy.seen(Copy.State.REMOVED, copy.checkedAt()));
        scene.nanos.advance(LONGEST_RETRY);
        var next = scene.taken(NOON.plusSeconds(60));
        becomesCopied(next);
        assertThat(store.objects()).doesNotContainKey(copy.key());

        assertThat(offsite.requestCopy(snapshot.name()).ended().join()).isInstanceOf(Task.Succeeded.class);
        assertThat(scene.now(snapshot).copy(Target.S3).orElseThrow().state()).isEqualTo(Copy.State.COPIED);
        assertThat(store.objects()).containsKey(copy.key());
    }

    @Test
    void theNewestAndTheOneReadLongestAgoAreReadBackAtEachInterval() {
        var oldest = scene.taken(NOON.minusSeconds(120));
        var middle = scene.taken(NOON.minusSeconds(60));
        var newest = scene.taken(NOON);
        becomesCopied(oldest);
        becomesCopied(middle);
        assertThat(status().lastCheckAt()).isEmpty();
        var read = new CopyOnWriteArrayList<String>();
        store.watch(step -> {
            if (step.startsWith("read ") && step.endsWith(".age")) {
                read.add(step.replaceAll(".*/|\\.gz.*", ""));
            }
        });

        scene.clock.advance(Duration.ofHours(24));
        offsite.tick();
        await().until(() -> read.size() >= 2);
        await().until(() -> scene.now(newest).copy(Target.S3).orElseThrow().checkedAt() != null
                && status().counts().checks().get(CheckOutcome.COPIED) == 2);
        var first = read.stream()
                .filter(name -> !name.equals(newest.name().toString()))
                .findFirst()
                .orElseThrow();
        assertThat(status().lastCheckAt()).contains(scene.clock.instant());

        read.clear();
        scene.clock.advance(Duration.ofHours(24));
        offsite.tick();
        await().until(() -> status().counts().checks().get(CheckOutcome.COPIED) == 4);
        assertThat(read)
                .containsExactly(
                        newest.name().toString(),
                        first.equals(oldest.name().toString())
                                ? middle.name().toString()
                                : oldest.name().toString());
    }

    @Test
    void whatIsMissingOrChangedIsReportedUntilALaterCheckPasses() {
        var older = scene.taken(NOON.minusSeconds(60));
        var newer = scene.taken(NOON);
        becomesCopied(older);
        var missing = store.objects().remove(FOLDER + older.name() + ".gz.age");
        var intact = store.objects().get(FOLDER + newer.name() + ".gz.age");
        store.objects().put(FOLDER + newer.name() + ".gz.age", new byte[intact.length]);

        scene.clock.advance(Duration.ofHours(24));
        offsite.tick();

        await().untilAsserted(() -> assertThat(status().findings())
                .extracting(OffsiteStatus.Finding::code)
                .containsExactly(Code.OFFSITE_MISSING, Code.OFFSITE_CHANGED));
        assertThat(status().lastSuccessAt()).isEmpty();
        assertThat(status().counts().checks())
                .containsEntry(CheckOutcome.MISSING, 1L)
                .containsEntry(CheckOutcome.CHANGED, 1L);
        assertThat(store.objects())
                .as("nothing is repaired silently")
                .doesNotContainKey(FOLDER + older.name() + ".gz.age");

        store.objects().put(FOLDER + older.name() + ".gz.age", missing);
        store.objects().put(FOLDER + newer.name() + ".gz.age", intact);
        scene.clock.advance(Duration.ofHours(24));
        offsite.tick();
        await().untilAsserted(() -> assertThat(status().findings()).isEmpty());
        assertThat(status().lastSuccessAt()).contains(newer.createdAt());
    }

    @Test
    void anObjectWithoutItsRecordIsNoCopyAnyMore() {
        var snapshot = scene.taken(NOON);
        becomesCopied(snapshot);
        store.objects().remove(FOLDER + snapshot.name().recordFile());

        scene.clock.advance(Duration.ofHours(24));
        offsite.tick();

        await().untilAsserted(() -> assertThat(status().findings())
                .extracting(OffsiteStatus.Finding::code)
                .containsExactly(Code.OFFSITE_MISSING));
        // asked for in words, it is copied again: the key is free
        assertThat(offsite.requestCopy(snapshot.name()).ended().join()).isInstanceOf(Task.Succeeded.class);
        assertThat(status().findings()).isEmpty();
    }

    @Test
    void aRecordThatWasMovedToAnArchiveHoldsUpNothing() {
        becomesCopied(scene.taken(NOON.minusSeconds(60)));
        offsite.close();
        offsite = scene.copyingTo(Scene.settings(null), store);
        store.watch(step -> {
            if (step.startsWith("read ") && step.contains("T105900Z")) {
                throw new StoreFailure(StoreFailure.Code.ARCHIVED, "archived", null);
            }
        });

        becomesCopied(scene.taken(NOON));

        assertThat(status().error()).isEmpty();
    }

    @Test
    void aStoredObjectThatCannotProveItsRecordHoldsUpItsOwnSnapshotOnly() {
        var lost = scene.taken(NOON);
        becomesCopied(lost);
        store.objects().remove(FOLDER + lost.name() + ".gz.age");
        scene.directory().delete(lost.name());
        scene.taken(NOON);
        var other = scene.taken(NOON.minusSeconds(60));

        becomesCopied(other);

        assertThat(scene.now(lost).copies()).isEmpty();
        assertThat(status().error())
                .hasValueSatisfying(why -> assertThat(why).contains("but its record", "remove the record by hand"));
    }

    @Test
    void oneThatCannotBeReadIsUnknownAndTriedAgainAndNoFinding() {
        var snapshot = scene.taken(NOON);
        becomesCopied(snapshot);
        var left = new AtomicInteger(3);
        store.watch(step -> {
            if (step.startsWith("read ") && step.endsWith(".age") && left.getAndDecrement() > 0) {
                throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "cut off", null);
            }
        });
        scene.clock.advance(Duration.ofHours(24));
        offsite.tick();

        await().until(() -> scene.now(snapshot).copy(Target.S3).orElseThrow().state() == Copy.State.UNKNOWN);
        assertThat(status().findings()).isEmpty();
        await().until(() -> status().error().isPresent());
        scene.nanos.advance(LONGEST_RETRY);
        offsite.tick();
        await().until(() -> scene.now(snapshot).copy(Target.S3).orElseThrow().state() == Copy.State.COPIED);
    }

    @Test
    void aSnapshotThatWaitsTooLongIsReportedAndOlderOnesCountFromWhenCopiesBegan() {
        store.watch(failing("probe", new AtomicInteger(1000), StoreFailure.Code.UNAVAILABLE));
        scene.taken(NOON.minus(Duration.ofDays(9)));
        offsite.tick();
        await().until(() -> status().pending() == 1 && status().error().isPresent());
        assertThat(status().findings()).isEmpty();

        scene.clock.advance(Duration.ofHours(18).plusSeconds(1));

        assertThat(status().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.code()).isEqualTo(Code.OFFSITE_LATE);
            assertThat(finding.message()).contains("2026-06-01T11:00:00Z", "broken on purpose");
        });
        scene.clock.advance(Duration.ofDays(-400));
        assertThat(status().findings()).isEmpty();
    }
}
