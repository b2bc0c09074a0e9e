package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.DirectoryStatus;
import dev.otherix.backup.job.Outcome;
import dev.otherix.backup.job.Phase;
import dev.otherix.backup.job.Reason;
import dev.otherix.backup.job.SettableClock;
import dev.otherix.backup.job.Taken;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.task.TaskFailure;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupMetricsTests {

    private static final Optional<Reason> GONE = Optional.of(new Reason(Reason.Code.DIRECTORY_GONE, "it is gone"));
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final SettableClock clock = new SettableClock("2026-06-06T12:00:00Z");

    @TempDir
    private Path path;

    private SnapshotDirectory directory;
    private Situation situation;
    private int looks;
    private BackupMetrics metrics;

    @BeforeEach
    void register() {
        directory = SnapshotDirectory.open(path, 1000L);
        situation = Situation.beforeFirstRun(DirectoryStatus.read(directory));
        metrics = new BackupMetrics(
                registry,
                new Readings(
                        () -> {
                            looks++;
                            return situation.state();
                        },
                        clock));
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void aPruneAtStartCountsAsOneAfterARun() {
        var name = SnapshotName.parse("otherix-20260606T031500Z.db").orElseThrow();

        metrics.prunedAtStart(new Pruned(List.of(name), Optional.of("the disk is broken")));

        var scrape = Scrape.of(registry.scrape());
        assertThat(scrape.value("otherix_backup_pruned_total")).isEqualTo(1);
        assertThat(scrape.value("otherix_backup_prune_failures_total")).isEqualTo(1);
    }

    @Test
    void everySeriesOfEveryLabelIsThereBeforeTheFirstRun() {
        var scrape = Scrape.of(registry.scrape());

        for (var trigger : List.of("schedule", "request", "startup")) {
            for (var outcome : List.of("success", "local", "failure")) {
                assertThat(scrape.value(
                                "otherix_backup_runs_total{outcome=\"" + outcome + "\",trigger=\"" + trigger + "\"}"))
                        .isZero();
            }
        }
        for (var phase : List.of("stream", "verify", "commit", "prune")) {
            for (var outcome : List.of("success", "failure")) {
                assertThat(scrape.value("otherix_backup_phase_duration_seconds_count{outcome=\"" + outcome
                                + "\",phase=\"" + phase + "\"}"))
                        .isZero();
            }
        }
        assertThat(scrape.series("otherix_backup_phase_duration_seconds_count")).hasSize(8);
        assertThat(scrape.series("otherix_backup_runs_total")).hasSize(9);
    }

    @Test
    void timesAreSecondsAndNeverIsZero() {
        assertThat(value("last_success_timestamp_seconds")).isZero();
        assertThat(value("last_local_timestamp_seconds")).isZero();
        assertThat(value("last_attempt_timestamp_seconds")).isZero();
        assertThat(value("oldest_snapshot_timestamp_seconds")).isZero();
        assertThat(value("newest_snapshot_timestamp_seconds")).isZero();
        assertThat(value("next_due_timestamp_seconds"))
                .isEqualTo(Instant.parse("2026-06-06T13:00:00Z").getEpochSecond());

        var good = Taken.good(directory, Instant.parse("2026-06-06T09:00:00.250Z"));
        var local = Taken.local(directory, Instant.parse("2026-06-06T10:00:00Z"));
        becomes(Situation.beforeFirstRun(DirectoryStatus.read(directory)).after(Situation.saved(local)));

        assertThat(value("last_success_timestamp_seconds"))
                .isEqualTo(good.createdAt().toEpochMilli() / 1000.0);
        assertThat(value("last_local_timestamp_seconds"))
                .isEqualTo(local.createdAt().getEpochSecond());
        assertThat(value("oldest_snapshot_timestamp_seconds"))
                .isEqualTo(good.createdAt().toEpochMilli() / 1000.0);
        assertThat(value("newest_snapshot_timestamp_seconds"))
                .isEqualTo(local.createdAt().getEpochSecond());
        assertThat(value("last_attempt_timestamp_seconds"))
                .isEqualTo(Instant.parse("2026-06-06T11:59:00Z").getEpochSecond());
        assertThat(value("snapshots")).isEqualTo(2);
        assertThat(value("snapshot_size_bytes")).isEqualTo(local.sizeBytes());
    }

    @Test
    void questionsAreAnsweredByOneOrZero() {
        assertThat(value("enabled")).isOne();
        assertThat(value("overdue")).isZero();
        assertThat(value("running")).isZero();
        assertThat(value("shared_directory")).isZero();

        becomes(situation.running().shared("why").overdueSince(Situation.NOW));
        assertThat(value("overdue")).isOne();
        assertThat(value("running")).isOne();
        assertThat(value("shared_directory")).isOne();

        becomes(situation.off());
        assertThat(value("enabled")).isZero();
        assertThat(value("next_due_timestamp_seconds")).isZero();
        assertThat(value("interval_seconds")).isEqualTo(21600);
    }

    @Test
    void pinnedHeldAndCorruptSnapshotsAreCounted() {
        directory.pin(
                Taken.good(directory, Instant.parse("2026-06-06T07:00:00Z")).name(), true);
        directory.setCorrupt(
                Taken.good(directory, Instant.parse("2026-06-06T08:00:00Z")).name());
        var lineage = Taken.good(directory, Instant.parse("2026-06-06T09:00:00Z"));
        directory.retention().explain(_ -> List.of(lineage.withKeptBecause(List.of(KeptBecause.LINEAGE))));
        becomes(situation.in(DirectoryStatus.read(directory)));

        assertThat(value("pinned_snapshots")).isOne();
        assertThat(value("corrupt_snapshots")).isOne();
        assertThat(value("held_snapshots")).isOne();
    }

    @Test
    void snapshotsThatWentAreCountedByWhoTookThem() throws IOException {
        var removed = Taken.good(directory, Instant.parse("2026-06-06T07:00:00Z"));
        var stolen = Taken.good(directory, Instant.parse("2026-06-06T08:00:00Z"));
        becomes(situation.in(DirectoryStatus.read(directory)));
        assertThat(value("removed_total")).isZero();
        assertThat(value("vanished_total")).isZero();

        directory.delete(removed.name());
        Files.delete(directory.path().resolve(stolen.name().toString()));
        becomes(situation.in(DirectoryStatus.read(directory)));

        assertThat(value("removed_total")).isOne();
        assertThat(value("vanished_total")).isOne();

        becomes(situation.in(
                new DirectoryStatus(List.of(), DirectoryStatus.Bad.NONE, 1, 1, Double.NaN, Double.NaN, GONE)));
        assertThat(value("vanished_total")).as("a counter never falls").isOne();
    }

    @Test
    void everyCheckOfEveryOutcomeIsThereFromTheStartAndIsCounted() {
        assertThat(Scrape.of(registry.scrape()).series("otherix_backup_verifications_total"))
                .hasSize(20);
        for (var check : List.of("footer", "pages", "rows", "hash_kv", "ca")) {
            for (var outcome : List.of("passed", "failed", "inconclusive", "skipped")) {
                assertThat(verifications(check, outcome)).isZero();
            }
        }

        metrics.checked(new Verification.Check("rows", Verification.Outcome.FAILED, "in words", null, null));
        metrics.checked(new Verification.Check("rows", Verification.Outcome.FAILED, "in other words", null, null));
        metrics.checked(new Verification.Check("hash_kv", Verification.Outcome.INCONCLUSIVE, "in words", null, null));

        assertThat(verifications("rows", "failed")).isEqualTo(2);
        assertThat(verifications("hash_kv", "inconclusive")).isOne();
        assertThat(Scrape.of(registry.scrape()).series("otherix_backup_verifications_total"))
                .hasSize(20);
    }

    private double verifications(String check, String outcome) {
        return Scrape.of(registry.scrape())
                .value("otherix_backup_verifications_total{check=\"" + check + "\",outcome=\"" + outcome + "\"}");
    }

    @Test
    void whatTheNewestVerifiedOneHoldsIsShownAndWhatNobodyKnowsIsNotANumber() {
        assertThat(value("snapshot_keys")).isZero();
        assertThat(value("snapshot_revision")).isZero();
        assertThat(value("ca_match")).isNaN();

        var taken = Taken.good(directory, Instant.parse("2026-06-06T09:00:00Z"));
        becomes(situation.in(DirectoryStatus.read(directory)));
        assertThat(value("snapshot_keys")).isNaN();
        assertThat(value("snapshot_revision")).isNaN();
        assertThat(value("ca_match")).isNaN();

        assertThat(caMatch(taken, Verification.Outcome.PASSED)).isOne();
        assertThat(value("snapshot_keys")).isEqualTo(301);
        assertThat(value("snapshot_revision")).isEqualTo(812);
        assertThat(caMatch(taken, Verification.Outcome.FAILED)).isZero();
        assertThat(caMatch(taken, Verification.Outcome.SKIPPED)).isNaN();
        assertThat(caMatch(taken, Verification.Outcome.INCONCLUSIVE)).isNaN();
    }

    private double caMatch(Snapshot taken, Verification.Outcome outcome) {
        Taken.found(directory, taken, new Content(812L, 640L, 301L, 377L, 5L), outcome);
        becomes(situation.in(DirectoryStatus.read(directory)));
        return value("ca_match");
    }

    @Test
    void aRunNeedsTheSizeOfTheDatabaseAndTheReserve() {
        assertThat(value("member_db_size_bytes")).isEqualTo(4096);
        assertThat(value("dir_required_bytes")).isEqualTo(5096);
        assertThat(value("dir_free_bytes")).isPositive();
    }

    @Test
    void sizesThatNobodyKnowsAreNotANumber() {
        becomes(situation.seeingNothingYet());
        assertThat(value("member_db_size_bytes")).isNaN();
        assertThat(value("dir_required_bytes")).isNaN();

        becomes(situation.in(DirectoryStatus.NONE).withoutDir());
        assertThat(value("dir_free_bytes")).isNaN();
        assertThat(value("snapshots")).isZero();
        assertThat(value("snapshot_size_bytes")).isZero();
        assertThat(value("last_success_timestamp_seconds")).isZero();
    }

    @Test
    void eachAlarmHasASeriesOfItsOwn() {
        assertThat(value("member_alarm{alarm=\"CORRUPT\"}")).isZero();
        assertThat(value("member_alarm{alarm=\"NOSPACE\"}")).isZero();

        becomes(situation.seeing(
                new MemberWatch.Sight(Optional.of(Situation.member("3.6.14", "NOSPACE")), Optional.of("silent now"))));

        assertThat(value("member_alarm{alarm=\"CORRUPT\"}")).isZero();
        assertThat(value("member_alarm{alarm=\"NOSPACE\"}")).isOne();
    }

    @Test
    void thereIsOneMemberAtATime() {
        assertThat(scrape().series("otherix_backup_member_info"))
                .containsExactly("otherix_backup_member_info{cluster_id=\"\",member_id=\"\",version=\"\"}");

        metrics.seen(Situation.member("3.6.13"));
        metrics.seen(Situation.member("3.6.14"));

        assertThat(scrape().series("otherix_backup_member_info"))
                .containsExactly("otherix_backup_member_info{"
                        + "cluster_id=\"cdf818194e3a8c32\",member_id=\"8e9e05c52164694d\",version=\"3.6.14\"}");
        assertThat(scrape().value(scrape().series("otherix_backup_member_info").getFirst()))
                .isOne();
    }

    @Test
    void anEndedRunIsCountedWithItsPhases() {
        var snapshot = Taken.good(directory, Instant.parse("2026-06-06T09:00:00Z"));
        metrics.ended(new BackupRun(
                Trigger.REQUEST,
                Situation.NOW,
                Situation.NOW,
                new Outcome.Saved(snapshot),
                List.of(
                        new BackupRun.PhaseTime(Phase.BARRIER, true, Duration.ofMillis(3)),
                        new BackupRun.PhaseTime(Phase.STREAM, true, Duration.ofMillis(20)),
                        new BackupRun.PhaseTime(Phase.PRUNE, false, Duration.ofMinutes(20))),
                List.of(snapshot.name(), snapshot.name()),
                Optional.of("one could not be removed")));

        assertThat(value("runs_total{outcome=\"success\",trigger=\"request\"}")).isOne();
        assertThat(value("pruned_total")).isEqualTo(2);
        assertThat(value("prune_failures_total")).isOne();
        assertThat(value("phase_duration_seconds_count{outcome=\"success\",phase=\"stream\"}"))
                .isOne();
        assertThat(value("phase_duration_seconds_bucket{outcome=\"success\",phase=\"stream\",le=\"0.01\"}"))
                .isZero();
        assertThat(value("phase_duration_seconds_bucket{outcome=\"success\",phase=\"stream\",le=\"0.05\"}"))
                .isOne();
        assertThat(value("phase_duration_seconds_bucket{outcome=\"failure\",phase=\"prune\",le=\"600.0\"}"))
                .isZero();
        assertThat(value("phase_duration_seconds_bucket{outcome=\"failure\",phase=\"prune\",le=\"1800.0\"}"))
                .isOne();
        assertThat(value("phase_duration_seconds_sum{outcome=\"failure\",phase=\"prune\"}"))
                .isEqualTo(1200);
        assertThat(scrape().series("otherix_backup_phase_duration_seconds_count"))
                .hasSize(8)
                .noneMatch(name -> name.contains("barrier"));
    }

    @Test
    void aLocalOrFailedRunIsCountedAsSuch() {
        metrics.ended(Situation.saved(Taken.local(directory, Instant.parse("2026-06-06T09:00:00Z"))));
        metrics.ended(Situation.failed(Trigger.STARTUP, TaskFailure.Code.ETCD_FAILED, "no answer"));

        assertThat(value("runs_total{outcome=\"local\",trigger=\"schedule\"}")).isOne();
        assertThat(value("runs_total{outcome=\"failure\",trigger=\"startup\"}")).isOne();
        assertThat(value("prune_failures_total")).isZero();
    }

    @Test
    void aRunThatAStopCutShortIsNotCounted() {
        metrics.ended(Situation.failed(Trigger.SCHEDULE, TaskFailure.Code.SHUTTING_DOWN, "the service is stopping"));

        assertThat(value("runs_total{outcome=\"failure\",trigger=\"schedule\"}"))
                .isZero();
    }

    @Test
    void aScrapeLooksOnceAndTheNextOneAgain() {
        scrape();
        assertThat(looks).isOne();

        clock.advance(Duration.ofMillis(300));
        scrape();
        assertThat(looks).isEqualTo(2);
    }

    @Test
    void aClockSetBackDoesNotFreezeTheGauges() {
        scrape();
        clock.advance(Duration.ofHours(-1));
        scrape();

        assertThat(looks).isEqualTo(2);
    }

    @Test
    void theEndOfARunIsSeenAtOnce() {
        var snapshot = Taken.good(directory, Instant.parse("2026-06-06T09:00:00Z"));
        assertThat(value("snapshots")).isZero();
        situation = situation.in(DirectoryStatus.read(directory));
        assertThat(value("snapshots")).as("shared within a scrape").isZero();

        metrics.ended(Situation.saved(snapshot));

        assertThat(value("snapshots")).isOne();
    }

    @Test
    void whileTheDirectoryCannotBeReadTheLastSuccessStays() {
        Taken.good(directory, Instant.parse("2026-06-06T09:00:00Z"));
        becomes(situation.in(DirectoryStatus.read(directory)));
        var before = value("last_success_timestamp_seconds");
        var gone = new DirectoryStatus(List.of(), DirectoryStatus.Bad.NONE, 0, 0, Double.NaN, Double.NaN, GONE);

        becomes(situation.in(gone));
        becomes(situation.in(gone));

        assertThat(before).isPositive();
        assertThat(value("last_success_timestamp_seconds")).isEqualTo(before);
        assertThat(value("dir_free_bytes")).isNaN();
    }

    private void becomes(Situation next) {
        situation = next;
        clock.advance(Duration.ofSeconds(1));
        scrape();
    }

    private Scrape scrape() {
        return Scrape.of(registry.scrape());
    }

    private double value(String nameAndLabels) {
        return scrape().value("otherix_backup_" + nameAndLabels);
    }
}
