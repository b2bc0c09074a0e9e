package dev.otherix.backup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnsTests {

    private final Turns turns = new Turns();
    private final AtomicInteger ended = new AtomicInteger();
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        others.shutdownNow();
    }

    private Turns.Turn drill(boolean withEtcd) throws InterruptedException {
        return turns.drill(withEtcd, ended::incrementAndGet);
    }

    private static Turns.Turn of(Future<Turns.Turn> coming) throws Exception {
        return coming.get(30, TimeUnit.SECONDS);
    }

    private static void awaitWaiting(Thread thread) {
        await().until(() -> thread.getState() == Thread.State.WAITING);
    }

    @Test
    void aRunEndsADrillAndWaitsUntilItHasEnded() throws Exception {
        var drill = drill(false);
        var asked = new CountDownLatch(1);
        var run = others.submit(() -> {
            asked.countDown();
            return turns.run();
        });
        asked.await();
        await().until(() -> ended.get() == 1);

        drill.close();

        of(run).close();
        assertThat(turns.aDrill()).isFalse();
        assertThat(turns.aRun()).isFalse();
    }

    @Test
    void aDrillThatDoesNotEndDelaysARunByLessThanASecond() throws Exception {
        try (var _ = drill(true)) {
            var before = System.nanoTime();
            try (var _ = turns.run()) {
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void aDrillThatBeginsDuringARunIsEndedAtOnce() throws Exception {
        try (var _ = turns.run();
                var _ = drill(false)) {
            assertThat(ended).hasValue(1);
            assertThat(turns.aRun()).isTrue();
        }
        try (var _ = drill(false)) {
            assertThat(ended).hasValue(1);
        }
    }

    @Test
    void anUploadWaitsForADrillWithEtcdAlone() throws Exception {
        try (var _ = drill(false);
                var upload = turns.upload()) {
            assertThat(upload).isNotNull();
        }

        var drill = drill(true);
        var upload = new FutureTask<>(turns::upload);
        awaitWaiting(Thread.ofPlatform().daemon().start(upload));
        assertThat(upload.isDone()).isFalse();
        drill.close();

        of(upload).close();
    }

    @Test
    void aDrillWithEtcdWaitsForTheUploadThatIsUnderWayAndComesBeforeTheNext() throws Exception {
        var first = turns.upload();
        var drill = new FutureTask<>(() -> drill(true));
        awaitWaiting(Thread.ofPlatform().daemon().start(drill));
        assertThat(turns.aDrill()).isFalse();

        first.close();
        var next = others.submit(turns::upload);

        var its = of(drill);
        assertThat(next.isDone()).isFalse();
        its.close();
        of(next).close();
    }

    @Test
    void uploadsThatOverlapDoNotKeepADrillWithEtcdWaiting() throws Exception {
        var first = turns.upload();
        var second = turns.upload();
        var drill = new FutureTask<>(() -> drill(true));
        awaitWaiting(Thread.ofPlatform().daemon().start(drill));

        var third = new FutureTask<>(turns::upload);
        var waiting = Thread.ofPlatform().daemon().start(third);
        await().until(() -> third.isDone() || waiting.getState() == Thread.State.WAITING);
        assertThat(third.isDone()).as("begun while a drill waits").isFalse();
        first.close();
        assertThat(drill.isDone()).isFalse();
        second.close();

        of(drill).close();
        of(third).close();
    }

    @Test
    void aDrillThatWaitsAndIsEndedLetsUploadsGoOn() throws Exception {
        var first = turns.upload();
        var drill = new FutureTask<>(() -> drill(true));
        var thread = Thread.ofPlatform().daemon().start(drill);
        awaitWaiting(thread);
        var second = new FutureTask<>(turns::upload);
        awaitWaiting(Thread.ofPlatform().daemon().start(second));

        drill.cancel(true);
        thread.join();

        of(second).close();
        first.close();
        try (var _ = drill(true)) {
            assertThat(ended).hasValue(0);
        }
    }

    @Test
    void aDrillWithoutEtcdThatBeginsHoldsUpNoUpload() throws Exception {
        try (var _ = turns.upload();
                var _ = drill(false);
                var next = turns.upload()) {
            assertThat(next).isNotNull();
        }
    }
}
