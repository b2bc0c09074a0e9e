package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStatusTests {

    private static final Instant NINE = Instant.parse("2026-06-06T09:00:00.250Z");
    private static final Instant TEN = Instant.parse("2026-06-06T10:00:00Z");
    private static final Instant ELEVEN = Instant.parse("2026-06-06T11:00:00Z");

    @TempDir
    private Path parent;

    private Path path;
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        path = parent.resolve("snapshots");
        directory = SnapshotDirectory.open(path, 1000L);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void anEmptyDirectoryHasNoTimesAndAllItsSpace() {
        var state = DirectoryStatus.read(directory);

        assertThat(state.failure()).isEmpty();
        assertThat(state.lastSuccess()).isEmpty();
        assertThat(state.lastLocal()).isEmpty();
        assertThat(state.oldest()).isEmpty();
        assertThat(state.newestVerified()).isEmpty();
        assertThat(state.reserveBytes()).isEqualTo(1000);
        assertThat(state.freeBytes()).isPositive();
    }

    @Test
    void aLocalSnapshotIsNoSuccess() {
        Taken.good(directory, NINE);
        Taken.local(directory, TEN);

        var state = DirectoryStatus.read(directory);

        assertThat(state.lastSuccess()).contains(NINE);
        assertThat(state.lastLocal()).contains(TEN);
        assertThat(state.newestVerified().map(Snapshot::createdAt)).contains(TEN);
    }

    @Test
    void anUnverifiedFileIsASnapshotButNoSuccess() throws IOException {
        Taken.good(directory, NINE);
        Files.writeString(path.resolve("otherix-20260606T110000Z.db"), "left by another program");

        var state = DirectoryStatus.read(directory);

        assertThat(state.newestFirst()).hasSize(2);
        assertThat(state.lastSuccess()).contains(NINE);
        assertThat(state.newestVerified().map(Snapshot::createdAt)).contains(NINE);
    }

    @Test
    void theOldestIsOfAnyKind() {
        Taken.local(directory, NINE);
        Taken.good(directory, TEN);

        assertThat(DirectoryStatus.read(directory).oldest()).contains(NINE);
    }

    @Test
    void onlyWhatNeitherCountNorPinKeepsIsHeld() {
        var lineage = Taken.good(directory, NINE);
        var counted = Taken.good(directory, TEN);
        var requested = Taken.requested(directory, ELEVEN);
        directory
                .retention()
                .explain(_ -> List.of(
                        lineage.withKeptBecause(List.of(KeptBecause.LINEAGE)),
                        counted.withKeptBecause(List.of(KeptBecause.NEWEST, KeptBecause.LATEST)),
                        requested.withKeptBecause(List.of(KeptBecause.REQUESTED))));

        assertThat(DirectoryStatus.read(directory).held()).isEqualTo(1);

        directory.pin(lineage.name(), true);

        assertThat(DirectoryStatus.read(directory).held()).isZero();
        assertThat(DirectoryStatus.read(directory).pinned()).isEqualTo(1);
    }

    @Test
    void aSnapshotThatNobodyLookedAtYetIsNotHeld() {
        Taken.good(directory, NINE);

        assertThat(DirectoryStatus.read(directory).held()).isZero();
    }

    @Test
    void aFileSetAsideIsCorruptAndNoSnapshot() {
        directory.setCorrupt(Taken.good(directory, NINE).name());

        var state = DirectoryStatus.read(directory);

        assertThat(state.bad().corrupt()).isEqualTo(1);
        assertThat(state.newestFirst()).isEmpty();
    }

    @Test
    void aDirectoryThatIsGoneSaysSoAndKnowsNothing() throws IOException {
        Taken.good(directory, NINE);
        Files.move(path, parent.resolve("elsewhere"));

        var state = DirectoryStatus.read(directory);

        assertThat(state.failure().orElseThrow().code()).isEqualTo("directory_gone");
        assertThat(state.failure().orElseThrow().message()).contains(path.toString(), "does not exist");
        assertThat(state.freeBytes()).isNaN();
        assertThat(state.reserveBytes()).isNaN();
    }

    @Test
    void anotherDirectoryInItsPlaceSaysSo() throws IOException {
        Files.move(path, parent.resolve("elsewhere"));
        Files.createDirectory(path);
        Files.copy(
                parent.resolve("elsewhere/.otherix-etcd-backup.lock"),
                path.resolve(".otherix-etcd-backup.lock"),
                StandardCopyOption.COPY_ATTRIBUTES);

        var why = DirectoryStatus.read(directory).failure().orElseThrow();
        assertThat(why.code()).isEqualTo("directory_gone");
        assertThat(why.message()).contains("was replaced");
    }

    @Test
    void whatCannotBeReadKeepsTheFilesThatWereKnown() throws IOException {
        Taken.good(directory, NINE);
        var before = DirectoryStatus.read(directory);
        Files.move(path, parent.resolve("elsewhere"));

        var state = DirectoryStatus.read(directory).orFilesOf(before);

        assertThat(state.lastSuccess()).contains(NINE);
        assertThat(state.failure()).isPresent();
        assertThat(state.freeBytes()).isNaN();
    }

    @Test
    void whatCanBeReadForgetsTheFilesThatWereKnown() {
        var good = Taken.good(directory, NINE);
        var before = DirectoryStatus.read(directory);
        directory.delete(good.name());

        assertThat(DirectoryStatus.read(directory).orFilesOf(before).newestFirst())
                .isEmpty();
    }
}
