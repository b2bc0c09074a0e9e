package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.RecordedPast;
import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the commands that look into the past find their file, and what they say about it. */
class PastFilesTests {

    @TempDir
    private Path dir;

    private Path file = Path.of("");

    @BeforeEach
    void fill() throws IOException {
        file = new RecordedPast(dir)
                .lineage("20260606T030000Z")
                .add(
                        "20260606T030000Z",
                        WrittenPast.small(),
                        10,
                        15,
                        "2026-06-06T02:50:00Z 10",
                        "2026-06-06T02:54:00.120Z 12",
                        "2026-06-06T03:00:00Z 15");
    }

    @Test
    void aDirectoryStandsForItsFileWhichIsNamed() {
        var run = OfflineScene.run("get", dir.toString(), "/otherix/users/bob");
        assertThat(run.exitCode()).isZero();
        assertThat(run.bytes()).asString().isEqualTo("bob 2");
        assertThat(run.err().lines()).containsExactly("otherix-etcd-backup: this is from " + file);
    }

    @Test
    void aTimeIsTheLastMarkBeforeItAndTheDistanceIsSaid() {
        var run = OfflineScene.run("get", file.toString(), "/otherix/users/ann", "--at", "2026-06-06T04:52:30+02:00");
        assertThat(run.exitCode()).isEqualTo(0);
        assertThat(run.bytes()).asString().isEqualTo("ann 1");
        assertThat(run.err().lines())
                .containsExactly(
                        "otherix-etcd-backup: 2026-06-06T04:52:30+02:00 (2026-06-06T02:52:30Z) is revision 10, known "
                                + "from 2026-06-06T02:50:00Z, 2m30s before");
    }

    @Test
    void aChangeHasTheTimeOfTheFirstMarkThatHasIt() {
        var json = OfflineScene.run("history", dir.toString(), "--prefix", "/otherix/users/", "-o", "json")
                .json();
        assertThat(json.get("changes").findValuesAsString("time"))
                .containsExactly("2026-06-06T03:00:00Z", "2026-06-06T02:54:00.120Z", "2026-06-06T02:54:00.120Z");
    }

    @Test
    void betweenMarksThatAreFarApartATimeIsRefusedWithBoth() {
        var run = OfflineScene.run("keys", file.toString(), "--at", "2026-06-06T02:56:00Z");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "only 2026-06-06T02:54:00.120Z (revision 12) and 2026-06-06T03:00:00Z (revision 15) are known, 5m59.88s apart",
                        "Name a revision from 12 to 15");
    }

    @Test
    void aRecordOfAnotherFileIsAFindingLikeThatOfVerify() throws IOException {
        var record = RecordedPast.record(file);
        Files.writeString(record, Files.readString(record).replaceFirst("\"sha256\":\"..", "\"sha256\":\"zz"));
        var run = OfflineScene.run("keys", file.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(file + " has findings (1), the first: sha256: the file's SHA-256 is ");
        assertThat(OfflineScene.run("verify", file.toString()).out()).contains("  - sha256: the file's SHA-256 is ");
    }

    @Test
    void aFileThatIsNotWhatItsRecordSaysIsFoundInADirectoryToo() throws IOException {
        new WrittenPast().at(14).put("/other", "x").write(dir.resolve("other.db"));
        Files.delete(file);
        Files.move(dir.resolve("other.db"), file);
        var run = OfflineScene.run("keys", dir.toString(), "--rev", "15");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsTwo() throws IOException {
        var empty = Files.createDirectory(dir.resolve("empty"));
        assertThat(OfflineScene.run("keys", empty.toString()).exitCode()).isEqualTo(1);
        assertThat(OfflineScene.run("keys", dir.resolve("none").toString()).exitCode())
                .isEqualTo(2);
        assertThat(OfflineScene.run("keys", "/dev/null").exitCode()).isEqualTo(2);
    }

    @Test
    void oneMetaPageIsEnoughForAMembersOwnFileAndThatIsSaid() throws IOException {
        var bytes = Files.readAllBytes(file);
        var raw = dir.resolve("db");
        bytes[40] ^= 1;
        Files.write(raw, Arrays.copyOf(bytes, bytes.length - 32));
        var run = OfflineScene.run("keys", raw.toString(), "--raw");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("meta page 0 is torn", "the last write may be missing");
        assertThat(run.out().lines()).hasSize(5);
    }
}
