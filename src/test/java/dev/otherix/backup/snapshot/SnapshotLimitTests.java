package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many snapshots as the memory is for, and not more. */
class SnapshotLimitTests {

    private static final int MOST = 10;

    @TempDir
    private Path temporary;

    @Test
    void theRecommendedHeapIsForFiveThousand() {
        // what Java says of -Xmx64m and of -Xmx128m with its serial collector
        assertThat(SnapshotLimit.ofHeap(64_880_640)).isEqualTo(5_000);
        assertThat(SnapshotLimit.ofHeap(129_761_280)).isEqualTo(10_000);
    }

    @Test
    void theStartIsRefusedAboveTheLimitUntilTheCommandInTheMessageHasRun() throws Exception {
        var path = filled("it's full", MOST + 1);
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> open(path))
                .withMessageContaining("holds 11 snapshots")
                .withMessageContaining("more than the 10 ")
                .satisfies(refused -> {
                    assertThat(refused.reason()).isEqualTo(DirectoryFailure.Reason.TOO_MANY);
                    run(refused.getMessage().split("\"")[1]);
                });
        try (var directory = open(path)) {
            assertThat(directory.list())
                    .extracting(Snapshot::name)
                    .containsExactly(
                            Sample.minute(10), Sample.minute(9), Sample.minute(8), Sample.minute(7), Sample.minute(6));
            assertThat(directory.list()).allMatch(Snapshot::verified);
        }
        assertThat(DirectoryListing.of(path.resolve("older")).newestFirst())
                .hasSize(6)
                .allMatch(Snapshot::verified);
    }

    @Test
    void aRunThatWouldGoAboveTheLimitIsRefused() throws IOException {
        try (var directory = open(filled("full", MOST))) {
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(directory.space()::requireOneMore)
                    .withMessageContaining("holds 10 snapshots, and no more");
            directory.delete(Sample.minute(0));
            directory.space().requireOneMore();
        }
    }

    @Test
    void fourFifthsOfTheLimitAreAWarning() throws IOException {
        try (var directory = open(filled("fewer", 7))) {
            assertThat(directory.space().nearLimit()).isEmpty();
            Sample.at(7).commitTo(directory);
            assertThat(directory.space().nearLimit())
                    .hasValueSatisfying(warning -> assertThat(warning).contains("holds 8 snapshots; at 10,"));
        }
    }

    @Test
    void thoseThatComeLaterAreAFailureAndNoLackOfMemory() throws IOException {
        var path = filled("grows", MOST);
        try (var directory = open(path)) {
            Sample.at(MOST).putFile(path);
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(directory::list)
                    .withMessageContaining("holds 11 snapshots");
            assertThat(directory.newestFirst().findFirst()).isPresent();
        }
    }

    private SnapshotDirectory open(Path path) {
        return DirectoryOpening.open(path, _ -> 0, new Disk(), new SnapshotLimit(path, MOST));
    }

    private Path filled(String name, int count) throws IOException {
        var path = Files.createDirectory(temporary.resolve(name));
        for (int minute = 0; minute < count; minute++) {
            Sample.at(minute).putFile(path);
            Sample.at(minute).putRecord(path);
        }
        return path;
    }

    private static void run(String command) throws IOException, InterruptedException {
        var shell = new ProcessBuilder("sh", "-ec", command).inheritIO().start();
        assertThat(shell.waitFor()).isZero();
    }
}
