package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageTests {

    private static final String A = "cdf818194e3a8c32";
    private static final String B = "00000000000000b0";
    private static final SnapshotName NEXT = Sample.minute(99);

    private static SnapshotName next(@Nullable String cluster, Sample... newestFirst) {
        return Lineage.of(
                NEXT,
                cluster,
                null,
                Stream.of(newestFirst).map(Sample::snapshot).toList());
    }

    @Test
    void theFirstSnapshotBeginsALineageOfItsOwnName() {
        assertThat(next(A)).isEqualTo(NEXT);
        assertThat(next(null)).isEqualTo(NEXT);
    }

    @Test
    void theSameClusterGoesOnWithTheLineageOfItsNewest() {
        assertThat(next(
                        A,
                        Sample.at(9).ofCluster(A).ofLineage(4),
                        Sample.at(8).ofCluster(A).ofLineage(1)))
                .isEqualTo(Sample.minute(4));
    }

    @Test
    void anotherClusterBeginsALineage() {
        assertThat(next(B, Sample.at(9).ofCluster(A).ofLineage(4))).isEqualTo(NEXT);
    }

    @Test
    void aClusterThatComesBackBeginsALineageToo() {
        assertThat(next(
                        A,
                        Sample.at(9).ofCluster(B).ofLineage(9),
                        Sample.at(8).ofCluster(A).ofLineage(4)))
                .isEqualTo(NEXT);
    }

    @Test
    void filesWhoseClusterNobodyKnowsEndNoLineage() {
        assertThat(next(
                        A,
                        Sample.at(9).ofCluster(null).ofLineage(4),
                        Sample.at(8).ofCluster(A).ofLineage(4)))
                .isEqualTo(Sample.minute(4));
        assertThat(next(A, Sample.at(9).ofCluster(null).ofLineage(4))).isEqualTo(Sample.minute(4));
        assertThat(next(null, Sample.at(9).ofCluster(A).ofLineage(4))).isEqualTo(Sample.minute(4));
    }

    @Test
    void filesWhoseClusterNobodyKnowsDoNotHideAnotherCluster() {
        assertThat(next(
                        B,
                        Sample.at(9).ofCluster(null).ofLineage(4),
                        Sample.at(8).ofCluster(A).ofLineage(4)))
                .isEqualTo(NEXT);
    }

    private static SnapshotName at(@Nullable Long revision, Sample... newestFirst) {
        return Lineage.of(
                NEXT,
                A,
                revision,
                Stream.of(newestFirst)
                        .map(sample -> sample.ofCluster(A).snapshot())
                        .toList());
    }

    @Test
    void aRevisionBelowThatOfAnyEarlierOneBeginsALineage() {
        assertThat(at(99L, Sample.at(9).ofLineage(4).revision(100))).isEqualTo(NEXT);
        assertThat(at(99L, Sample.at(9).ofLineage(4), Sample.at(8).ofLineage(4).revision(100)))
                .isEqualTo(NEXT);
        assertThat(at(
                        99L,
                        Sample.at(9).ofLineage(4).revision(50),
                        Sample.at(8).ofLineage(4).revision(100)))
                .isEqualTo(NEXT);
    }

    @Test
    void theSameRevisionAndAHigherOneGoOnWithTheLineage() {
        assertThat(at(100L, Sample.at(9).ofLineage(4).revision(100))).isEqualTo(Sample.minute(4));
        assertThat(at(101L, Sample.at(9).ofLineage(4).revision(100))).isEqualTo(Sample.minute(4));
    }

    @Test
    void aRevisionThatNobodyKnowsEndsNoLineage() {
        assertThat(at(null, Sample.at(9).ofLineage(4).revision(100))).isEqualTo(Sample.minute(4));
        assertThat(at(1L, Sample.at(9).ofLineage(4))).isEqualTo(Sample.minute(4));
    }

    @Test
    void theRevisionsOfAnEarlierLineageDoNotCount() {
        assertThat(at(
                        12L,
                        Sample.at(9).ofLineage(9).revision(11),
                        Sample.at(8).ofLineage(4).revision(100)))
                .isEqualTo(Sample.minute(9));
    }

    private static List<SnapshotName> mended(Sample... newestFirst) {
        return Lineage.corrected(Stream.of(newestFirst).map(Sample::snapshot).toList()).stream()
                .map(Snapshot::lineage)
                .toList();
    }

    @Test
    void whatAFileOfAnEarlierHistoryTurnsOutToHoldEndsItsLineageAfterwards() {
        assertThat(mended(
                        Sample.at(9).ofLineage(1).revision(12),
                        Sample.at(8).ofLineage(1),
                        Sample.at(7).ofLineage(1).revision(11),
                        Sample.at(2).ofLineage(1).revision(5000),
                        Sample.at(1).ofLineage(1).revision(4000)))
                .containsExactly(
                        Sample.minute(7), Sample.minute(7), Sample.minute(7), Sample.minute(1), Sample.minute(1));
    }

    @Test
    void whatComesAfterTheEndOfALineageIsNotOfIt() {
        assertThat(mended(
                        Sample.at(9).ofLineage(1).revision(12),
                        Sample.at(8).ofLineage(1),
                        Sample.at(7).ofLineage(7).revision(11),
                        Sample.at(2).ofLineage(1).revision(5000)))
                .containsExactly(Sample.minute(7), Sample.minute(7), Sample.minute(7), Sample.minute(1));
    }

    @Test
    void lineagesThatFitTheRevisionsStay() {
        assertThat(mended(
                        Sample.at(9).ofLineage(7).revision(12),
                        Sample.at(7).ofLineage(7).revision(11),
                        Sample.at(2).ofLineage(1).revision(5000),
                        Sample.at(1).ofLineage(1)))
                .containsExactly(Sample.minute(7), Sample.minute(7), Sample.minute(1), Sample.minute(1));
    }

    @Test
    void aFileWithoutARecordBelongsToTheLineageBeforeIt(@TempDir Path path) throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            Sample.at(1).putFile(path);
            Sample.at(3).ofLineage(3).commitTo(directory);
            Sample.at(4).putFile(path);
            Sample.at(5).ofLineage(5).commitTo(directory);
            Files.writeString(path.resolve(Sample.minute(5).recordFile()), "damaged");
            assertThat(directory.list())
                    .extracting(Snapshot::lineage)
                    .isEqualTo(List.of(Sample.minute(3), Sample.minute(3), Sample.minute(3), Sample.minute(1)));
        }
    }

    @Test
    void theRecordRemembersTheLineageThoughItsFirstSnapshotIsGone(@TempDir Path path) {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            Sample.at(1).ofLineage(1).commitTo(directory);
            Sample.at(2).ofLineage(1).commitTo(directory);
            directory.delete(Sample.minute(1));
            assertThat(Lineage.of(NEXT, Sample.CLUSTER, null, directory.list())).isEqualTo(Sample.minute(1));
        }
    }
}
