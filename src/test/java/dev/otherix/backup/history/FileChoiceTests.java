package dev.otherix.backup.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileChoiceTests {

    @TempDir
    private Path dir;

    private Path foreign = Path.of("");
    private Path older = Path.of("");
    private Path newer = Path.of("");

    @BeforeEach
    void fill() throws IOException {
        var past = new RecordedPast(dir);
        foreign = past.lineage("20260605T000000Z")
                .add("20260605T000000Z", span(5, 900), 5, 900, "2026-06-05T00:00:00Z 5", "2026-06-05T01:00:00Z 5");
        older = past.lineage("20260606T000000Z")
                .add(
                        "20260606T000000Z",
                        span(10, 20),
                        10,
                        20,
                        "2026-06-06T00:00:00Z 10",
                        "2026-06-06T00:04:00Z 15",
                        "2026-06-06T00:08:00Z 20");
        newer = past.add(
                "20260606T010000Z", span(15, 40), 15, 40, "2026-06-06T00:04:00Z 15", "2026-06-06T01:00:00Z 40");
    }

    private static WrittenPast span(long compacted, long revision) {
        return new WrittenPast().compacted(compacted).at(revision).put("/a", "x");
    }

    @Test
    void withoutAMomentItIsTheNewestVerifiedOne() throws IOException {
        assertThat(FileChoice.newestWith(dir, List.of())).isEqualTo(newer);
        unverify(newer);
        assertThat(FileChoice.newestWith(dir, List.of())).isEqualTo(older);
    }

    @Test
    void itIsTheNewestThatHoldsEveryMomentNamed() {
        assertThat(FileChoice.newestWith(dir, List.of(revision(15)))).isEqualTo(newer);
        assertThat(FileChoice.newestWith(dir, List.of(revision(14)))).isEqualTo(older);
        assertThat(FileChoice.newestWith(dir, List.of(revision(20), revision(14))))
                .isEqualTo(older);
    }

    @Test
    void aTimeThatTheNewestDoesNotShowIsTakenFromAnOlderOne() {
        assertThat(FileChoice.newestWith(dir, List.of(time("2026-06-06T00:01:00Z"))))
                .as("before its first mark")
                .isEqualTo(older);
        assertThat(FileChoice.newestWith(dir, List.of(time("2026-06-06T00:05:00Z"))))
                .as("in a gap of its marks")
                .isEqualTo(older);
        assertThat(FileChoice.newestWith(dir, List.of(time("2026-06-06T01:00:00Z"))))
                .isEqualTo(newer);
    }

    @Test
    void whereNoneHoldsThemTheRangeOfEachIsShown() {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> FileChoice.newestWith(dir, List.of(revision(14), revision(30))))
                .withMessage("no snapshot in " + dir
                        + " holds revision 14 and revision 30. Of the newest lineage there are:"
                        + System.lineSeparator() + "  " + newer.getFileName()
                        + ": revision 15 (2026-06-06T00:04:00Z) to 40 (2026-06-06T01:00:00Z)" + System.lineSeparator()
                        + "  " + older.getFileName()
                        + ": revision 10 (2026-06-06T00:00:00Z) to 20 (2026-06-06T00:08:00Z)");
    }

    @Test
    void theRevisionsOfAnotherLineageAreNotMeant() {
        assertThat(foreign).exists();
        for (var moment : List.of(revision(900), time("2026-06-05T00:30:00Z"))) {
            assertThatExceptionOfType(Refused.class).isThrownBy(() -> FileChoice.newestWith(dir, List.of(moment)));
        }
    }

    @Test
    void aDirectoryWithoutAVerifiedSnapshotIsRefused() throws IOException {
        for (var file : List.of(foreign, older, newer)) {
            unverify(file);
        }
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> FileChoice.newestWith(dir, List.of(revision(15))))
                .withMessage(dir + " has no verified snapshot");
    }

    private static void unverify(Path file) throws IOException {
        var record = RecordedPast.record(file);
        Files.writeString(record, Files.readString(record).replace("\"verified\"", "\"unverified\""));
    }

    private static NamedMoment revision(long revision) {
        return new NamedMoment.Revision(revision);
    }

    private static NamedMoment time(String text) {
        return new NamedMoment.Time(Instant.parse(text), text);
    }
}
