package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.check.CaCheck;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.check.HashComparison;
import dev.otherix.backup.check.VerificationProperties;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.Trigger;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What a change of the cluster's history does to the snapshots that were there before it, through many further runs.
 */
@NeedsEtcdutl
@Timeout(120)
class HistoryIT {

    private static final int FURTHER_RUNS = 20;

    private final SettableClock clock = new SettableClock("2026-06-06T03:15:00Z");
    private SnapshotDirectory directory;

    @TempDir
    private Path temporary;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void theRealBackupsAreHeldThroughTwentyRunsOfAClusterThatStartedEmpty() {
        Snapshot real;
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            OtherixKeyspace.seed(etcd.clientUrl(), 20);
            real = run(etcd);
        }
        try (var wiped = EtcdProcess.start(EtcdHomes.first())) {
            var newest = runs(wiped).getLast();
            assertThat(newest.clusterId()).isNotEqualTo(real.clusterId());
            assertThat(directory.list()).extracting(Snapshot::name).containsExactly(newest.name(), real.name());
            assertThat(now(real).keptBecause()).contains(KeptBecause.LINEAGE);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void whatARestoreTookBackIsHeldThroughTwentyRunsOfTheRestoredCluster() throws IOException {
        var home = EtcdHomes.first();
        Snapshot old;
        Snapshot real;
        String peerUrl;
        try (var etcd = EtcdProcess.start(home)) {
            peerUrl = etcd.peerUrl();
            OtherixKeyspace.seed(etcd.clientUrl(), 20);
            old = run(etcd);
            // the next run would count it out
            directory.pin(old.name(), true);
            etcd.etcdctl("put", "/otherix/last", "written-after-the-old-snapshot");
            real = run(etcd);
        }
        // with the token and the peer URL of the lost one, so that the cluster has its id again
        try (var restored = EtcdProcess.builder(home)
                .dataDir(restore(home, directory.path().resolve(old.name().toString()), peerUrl))
                .start()) {
            var newest = runs(restored).getLast();
            assertThat(newest.clusterId()).as("only the revision tells").isEqualTo(real.clusterId());
            assertThat(newest.revision()).isLessThan(real.revision());
            assertThat(directory.list())
                    .extracting(Snapshot::name)
                    .containsExactly(newest.name(), real.name(), old.name());
            assertThat(now(real).keptBecause()).contains(KeptBecause.LINEAGE);
        }
    }

    private List<Snapshot> runs(EtcdProcess etcd) {
        return IntStream.range(0, FURTHER_RUNS).mapToObj(_ -> run(etcd)).toList();
    }

    private Snapshot run(EtcdProcess etcd) {
        clock.advance(Duration.ofHours(6));
        var member = new EtcdMember(new EtcdProperties(URI.create(etcd.clientUrl()), null, null, null, null, null));
        var files = new FileCheck(new CaCheck(new ClusterCaProperties(temporary.resolve("no-ca.crt"))), clock);
        var steps = new BackupSteps(
                member,
                new StreamProperties(Duration.ofSeconds(30), null, null),
                directory,
                files,
                new HashComparison(VerificationProperties.HashKv.AUTO),
                new Retention(new RetentionPolicy(1, 1), directory),
                new Timeline(null, _ -> {}, clock));
        var run = steps.run(new BackupSteps.Purpose(Trigger.SCHEDULE, List.of(), false), new RunProgress());
        assertThat(run.pruneFailure()).isEmpty();
        assertThat(run.outcome()).isInstanceOf(Outcome.Saved.class);
        return ((Outcome.Saved) run.outcome()).snapshot();
    }

    private Snapshot now(Snapshot snapshot) {
        return directory.find(snapshot.name()).orElseThrow();
    }

    private Path restore(EtcdHome home, Path snapshot, String peerUrl) {
        return home.restore(
                snapshot,
                temporary.resolve("restored"),
                "--name",
                "default",
                "--initial-cluster",
                "default=" + peerUrl,
                "--initial-advertise-peer-urls",
                peerUrl);
    }
}
