package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTests {

    private static final Instant NOON = Instant.parse("2026-06-06T12:00:00Z");

    @TempDir
    private Path temporary;

    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private Snapshot good(int hours) {
        return Taken.good(directory, NOON.plus(Duration.ofHours(hours)));
    }

    @Test
    void whatIsNotKeptIsRemovedAndTheRestSaysWhyItStays() {
        var oldest = good(0);
        var older = good(1);
        var newest = good(2);

        var pruned = new Retention(new RetentionPolicy(1, 7), directory).prune();

        assertThat(pruned.removed()).containsExactly(oldest.name(), older.name());
        assertThat(pruned.failure()).isEmpty();
        assertThat(directory.list()).singleElement().satisfies(kept -> {
            assertThat(kept.name()).isEqualTo(newest.name());
            assertThat(kept.keptBecause())
                    .containsExactly(KeptBecause.NEWEST, KeptBecause.LATEST, KeptBecause.LATEST_LINEARIZABLE);
        });
    }

    @Test
    void explainRemovesNothing() {
        good(0);
        good(1);
        good(2);

        new Retention(new RetentionPolicy(1, 1), directory).explain();

        assertThat(directory.list()).hasSize(3);
    }

    @Test
    void aDirectoryThatCannotBeReadIsReportedAndFailsNothing() throws IOException {
        good(0);
        Files.move(directory.path(), temporary.resolve("away"));

        var pruned = new Retention(new RetentionPolicy(1, 1), directory).prune();

        assertThat(pruned.removed()).isEmpty();
        assertThat(pruned.failure()).hasValueSatisfying(why -> assertThat(why).contains("does not exist"));
    }
}
