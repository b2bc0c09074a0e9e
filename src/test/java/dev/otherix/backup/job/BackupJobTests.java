package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.check.CaCheck;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.check.HashComparison;
import dev.otherix.backup.check.VerificationProperties;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.End;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Single flight beside a member that takes connections and never says a word. */
class BackupJobTests {

    @TempDir
    private Path temporary;

    private final List<BackupRun> runs = Collections.synchronizedList(new ArrayList<>());
    private final List<RunListener> listeners = new CopyOnWriteArrayList<>();
    private final TaskList tasks = new TaskList();
    private final Turns turns = new Turns();
    private ServerSocket silent;
    private SnapshotDirectory directory;
    private BackupJob job;

    @BeforeEach
    void open() throws IOException {
        silent = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        job = job(silent.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        job.close();
        directory.close();
        silent.close();
    }

    private BackupJob job(int port) {
        var member = new EtcdMember(
                new EtcdProperties(URI.create("http://127.0.0.1:" + port), null, null, null, null, null));
        var retention = new Retention(new RetentionPolicy(7, 7), directory);
        var stream = new StreamProperties(Duration.ofSeconds(30), null, null);
        var files =
                new FileCheck(new CaCheck(new ClusterCaProperties(temporary.resolve("no-ca.crt"))), Clock.systemUTC());
        var hash = new HashComparison(VerificationProperties.HashKv.AUTO);
        var made = new BackupJob(
                new BackupSteps(
                        member,
                        stream,
                        directory,
                        files,
                        hash,
                        retention,
                        new Timeline(null, _ -> {}, Clock.systemUTC())),
                tasks,
                turns,
                listeners::stream,
                directory.calls(),
                Clock.systemUTC());
        listeners.add(runs::add);
        return made;
    }

    private static RunRequest request() {
        return new RunRequest(new SnapshotRequest(null, null, null, Instant.now()), false, false);
    }

    private static End<Snapshot> ended(Task<Snapshot> task) {
        return End.of(task);
    }

    @Test
    void aTickDoesNothingWhileARunIsUnderWayOrAboutToBegin() {
        assertThat(job.tick(Trigger.SCHEDULE, false)).isPresent();

        assertThat(job.tick(Trigger.SCHEDULE, false)).isEmpty();
        job.request(request());
        assertThat(job.tick(Trigger.SCHEDULE, false)).isEmpty();
        assertThat(job.running()).isPresent();
    }

    @Test
    void aRunEndsADrillAndNoneBeginsMeanwhile() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var _ = turns.drill(true, ended::countDown)) {
            job.request(request());

            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(turns.aRun()).isTrue();
        }
        job.close();
        assertThat(turns.aRun()).isFalse();
    }

    @Test
    void noMoreThanAThousandRequestsWait() {
        job.tick(Trigger.SCHEDULE, false);
        for (int i = 0; i < 1000; i++) {
            job.request(request());
        }

        assertThatExceptionOfType(BackupJob.TooManyRequests.class)
                .isThrownBy(() -> job.request(request()))
                .withMessageContaining("1000");
    }

    @Test
    void closingFailsTheRunUnderWayAndAllThatWaitAndLeavesNothing() {
        var scheduled = job.tick(Trigger.SCHEDULE, false).orElseThrow();
        var requested = job.request(request());
        var began = System.nanoTime();

        job.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(ended(requested).error().code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN);
        assertThat(ended(scheduled).error().code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN);
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void afterClosingEveryRequestIsRefused() {
        job.close();

        assertThat(ended(job.request(request())).error().code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN);
        assertThat(job.tick(Trigger.SCHEDULE, false)).isEmpty();
        assertThat(runs).isEmpty();
    }

    @Test
    void anUnreachableMemberFailsTheRunAndSaysWhere() throws IOException {
        var port = silent.getLocalPort();
        silent.close();

        var error = ended(job.request(request())).error();

        assertThat(error.code()).isEqualTo(TaskFailure.Code.ETCD_FAILED);
        assertThat(error.message()).contains("127.0.0.1:" + port);
        assertThat(runs).singleElement().satisfies(run -> {
            assertThat(run.outcome().word()).isEqualTo("failure");
            assertThat(run.phases()).extracting(BackupRun.PhaseTime::phase).containsExactly(Phase.BARRIER);
        });
    }

    @Test
    void aListenerThatFailsStopsNeitherTheOthersNorTheJob() throws IOException {
        silent.close();
        listeners.add(run -> {
            throw new IllegalStateException("broken on purpose");
        });
        var later = Collections.synchronizedList(new ArrayList<BackupRun>());
        listeners.add(later::add);

        ended(job.request(request()));
        ended(job.request(request()));

        assertThat(later).hasSize(2);
    }

    @Test
    void aFailedRunRemovesNothing() throws IOException {
        for (int i = 0; i < 12; i++) {
            Taken.good(directory, Instant.parse("2026-06-06T12:00:00Z").plusSeconds(i));
        }
        silent.close();

        ended(job.request(request()));

        assertThat(directory.list()).hasSize(12);
    }
}
