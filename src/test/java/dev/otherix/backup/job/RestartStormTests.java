package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.etcd.FakeMember;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.Trigger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service is started ten times in a minute, as by a supervisor that takes it for dead. */
class RestartStormTests {

    private final FakeMember member = new FakeMember();
    private final SettableClock clock = new SettableClock("2026-06-06T12:00:00Z");
    private final List<BackupRun> runs = new ArrayList<>();

    @TempDir
    private Path path;

    @BeforeEach
    void serve() {
        member.serve(SampleFile.good());
    }

    @AfterEach
    void close() {
        member.close();
    }

    @Test
    void tenRestartsInAMinuteTakeOneOverdueSnapshot() {
        for (int i = 0; i < 10; i++) {
            restart(true);
        }
        assertThat(runs).hasSize(1);
        assertThat(snapshots()).singleElement().extracting(Snapshot::trigger).isEqualTo(Trigger.STARTUP);
    }

    @Test
    void whatRestartsCutShortIsTakenByTheFirstOneThatLives() {
        for (int i = 0; i < 10; i++) {
            restart(i == 9);
        }
        assertThat(runs).hasSizeBetween(1, 10);
        assertThat(snapshots()).as("none was added once there was one").hasSize(1);
    }

    /** As the service does: the schedule looks at once, and then every second. */
    private void restart(boolean lives) {
        clock.advance(Duration.ofSeconds(6));
        var settings = new BackupProperties(true, Duration.ofHours(1), path, 7);
        var worker = PartsOn.directory(SnapshotDirectory.open(path, 0L), settings, member.clientUrl(), clock);
        try (worker) {
            var job = worker.job();
            worker.listen(runs::add);
            worker.ticks().start();
            worker.ticks().run();
            for (int second = 0; lives && second < 3; second++) {
                await().until(() -> job.running().isEmpty());
                clock.advance(Duration.ofSeconds(1));
                worker.ticks().run();
            }
        }
    }

    private List<Snapshot> snapshots() {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            return directory.list();
        }
    }
}
