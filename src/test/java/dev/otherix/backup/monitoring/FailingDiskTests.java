package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.drill.DrillStatus;
import dev.otherix.backup.etcd.FakeMember;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.Outcome;
import dev.otherix.backup.job.PartsOn;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.job.SampleFile;
import dev.otherix.backup.job.SettableClock;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.FaultyDisk;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.task.End;
import dev.otherix.backup.task.TaskFailure;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Each use that a whole run makes of the disk fails, and what comes of it: outcome, record, directory, health and
 * metrics.
 */
class FailingDiskTests {

    private static final long MIB = 1L << 20;

    @TempDir
    private Path path;

    private final FakeMember member = new FakeMember();
    private final FaultyDisk disk = new FaultyDisk();
    private final SettableClock clock = new SettableClock("2026-06-06T12:00:00Z");
    private final List<BackupRun> runs = Collections.synchronizedList(new ArrayList<>());
    private PrometheusMeterRegistry registry;
    private BackupHealthIndicator health;
    private PartsOn worker;

    @BeforeEach
    void serve() {
        member.serve(SampleFile.good());
        member.revision(2);
        member.hash(_ -> FakeMember.Answer.of(SampleFile.HASH_KV, -1, 2));
    }

    @AfterEach
    void close() {
        worker.close();
        member.close();
    }

    private void start(long reserve) {
        var settings = new BackupProperties(true, Duration.ofHours(6), path, 7);
        worker = PartsOn.directory(disk.open(path, reserve), settings, member.clientUrl(), clock);
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var metrics = new BackupMetrics(registry, new Readings(worker::status, clock));
        worker.listen(metrics);
        worker.files().listen(metrics::checked);
        worker.watch().listen(metrics::seen);
        worker.listen(runs::add);
        health = new BackupHealthIndicator(worker::status, Optional::empty, Optional::empty, () -> DrillStatus.NONE);
    }

    private BackupRun run() {
        clock.advance(Duration.ofMinutes(1));
        var request = new RunRequest(new SnapshotRequest(null, "test", null, clock.instant()), false, false);
        var task = worker.job().request(request);
        var state = End.of(task);
        var run = runs.getLast();
        assertThat(state.succeeded())
                .as("the caller is told what the run came to")
                .isEqualTo(run.outcome() instanceof Outcome.Saved);
        return run;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whicheverStepFailsTheRunTellsItKeepsNothingAndTheNextOneWorks(boolean forEver) throws IOException {
        start(0);
        run();
        var told = new TreeSet<String>();
        int step = 0;
        do {
            worker.close();
            start(0);
            var before = snapshots();
            assertThat(files()).as("after a restart").hasSize(2 * before.size());

            disk.failAt(step, forEver);
            var run = run();
            disk.heal();

            var what = "step " + step + (forEver ? " and all later: " : ": ")
                    + disk.steps().get(Math.min(step, disk.steps().size() - 1));
            failedAsPromised(what, run, before, forEver);
            told.add(run.outcome().word()
                    + run.pruneFailure().map(_ -> " but not pruned").orElse(""));

            assertThat(run().outcome()).as("the run after %s", what).isInstanceOf(Outcome.Saved.class);
            assertThat(snapshots()).as("after the run after %s", what).hasSize(1);
            assertThat(health().getStatus()).isEqualTo(Status.UP);
            step++;
        } while (disk.failed());
        assertThat(step).as("steps of a run").isGreaterThan(30);
        assertThat(told).containsExactly("failure", "success", "success but not pruned");
    }

    private void failedAsPromised(String what, BackupRun run, List<Snapshot> before, boolean forEver)
            throws IOException {
        var after = snapshots();
        assertThat(metric("prune_failures_total"))
                .as(what)
                .isEqualTo(run.pruneFailure().isPresent() ? 1 : 0);
        switch (run.outcome()) {
            case Outcome.Saved(Snapshot saved) -> {
                assertThat(after).as(what).extracting(Snapshot::name).contains(saved.name());
                assertThat(metric("runs_total{outcome=\"success\",trigger=\"request\"}"))
                        .as(what)
                        .isEqualTo(1);
                assertThat(health().getStatus()).as(what).isEqualTo(Status.UP);
            }
            case Outcome.Failed(TaskFailure failure) -> {
                assertThat(failure.code()).as(what).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
                assertThat(failure.message()).as(what).contains("broken on purpose");
                assertThat(metric("runs_total{outcome=\"failure\",trigger=\"request\"}"))
                        .as(what)
                        .isEqualTo(1);
                assertThat(metric("last_success_timestamp_seconds"))
                        .as(what)
                        .isEqualTo(after.getFirst().createdAt().getEpochSecond());
                assertThat(health().getStatus()).as(what).isEqualTo(Status.DOWN);
                assertThat(health().getDetails().get("reason").toString())
                        .as(what)
                        .contains("failed", failure.message());
                assertThat(after).as(what).containsAll(before);
                if (!forEver) {
                    assertThat(after).as("nothing is kept after %s", what).isEqualTo(before);
                    assertThat(files()).as("nothing is left after %s", what).hasSize(2 * before.size());
                }
            }
        }
    }

    /** What stands under a snapshot's name: each whole, recorded and verified. */
    private List<Snapshot> snapshots() throws IOException {
        var snapshots = worker.directory().list();
        for (var snapshot : snapshots) {
            assertThat(path.resolve(snapshot.name().toString())).hasBinaryContent(SampleFile.good());
            assertThat(snapshot.verified())
                    .as("%s is recorded as verified", snapshot.name())
                    .isTrue();
        }
        return snapshots;
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith(".otherix-etcd-backup."))
                    .sorted()
                    .toList();
        }
    }

    private Health health() {
        return health.health();
    }

    private double metric(String name) {
        return Scrape.of(registry.scrape()).value("otherix_backup_" + name);
    }

    @Test
    void whicheverStepOfAStartFailsNothingOfTheSnapshotsIsLostAndTheNextStartWorks() throws IOException {
        start(0);
        run();
        var tolerated = new TreeSet<String>();
        int step = 0;
        do {
            worker.close();
            Files.writeString(path.resolve(".otherix-20260606T130000Z.db.tmp"), "left by a crash");
            Files.writeString(path.resolve("otherix-20260606T130000Z.json"), "left by a crash");
            disk.failAt(step, false);
            try {
                disk.open(path, 0).close();
                if (disk.failed()) {
                    tolerated.add(disk.steps().get(step).replaceFirst(" .*", ""));
                }
            } catch (DirectoryFailure failure) {
                assertThat(failure).hasMessageContaining(path.toString()).hasMessageContaining("broken on purpose");
            }
            disk.heal();
            start(0);
            assertThat(snapshots())
                    .as("after a start whose step %s failed", step)
                    .hasSize(1);
            assertThat(files()).as("after a start whose step %s failed", step).hasSize(2);
            step++;
        } while (disk.failed());
        assertThat(step).as("steps of a start").isGreaterThan(10);
        assertThat(tolerated)
                .as("what cannot be removed is warned of, all else is refused")
                .containsExactly("delete");
    }

    @Test
    void aRunThatNoLongerFitsIsAbortedBeforeTheReserveIsTouched() throws IOException {
        var reserve = 8 * MIB;
        var least = new AtomicLong(Long.MAX_VALUE);
        member.serve(new byte[Math.toIntExact(40 * MIB) + 32]);
        disk.free(written -> {
            // it fits at first; then somebody else takes some
            var free = 56 * MIB - written - (written >= 16 * MIB ? 12 * MIB : 0);
            least.accumulateAndGet(free, Math::min);
            return free;
        });
        start(reserve);

        var failure = ((Outcome.Failed) run().outcome()).failure();

        assertThat(failure.code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
        assertThat((Long) failure.details().get("missing_bytes")).isBetween(1L, 16 * MIB);
        assertThat(least).hasValueGreaterThanOrEqualTo(reserve);
        assertThat(disk.steps())
                .filteredOn(step -> step.startsWith("write"))
                .as("it had begun")
                .hasSizeGreaterThan(400);
        assertThat(files()).isEmpty();
        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health().getDetails().get("reason").toString()).contains("bytes are missing", "directory.reserve");
        assertThat(metric("runs_total{outcome=\"failure\",trigger=\"request\"}"))
                .isEqualTo(1);
    }
}
