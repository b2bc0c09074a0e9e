package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RewindCommandTests {

    @TempDir
    private Path dir;

    private String file = "";

    @BeforeEach
    void write() throws IOException {
        file = WrittenPast.small().write(dir.resolve("a.db")).toString();
    }

    @Test
    void theStateAfterARevisionIsASnapshotOfItsOwn() throws IOException {
        var made = dir.resolve("at-12.db");
        var run = OfflineScene.run("rewind", file, "--to-revision", "12", "--out", made.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .startsWith(made.toString(), "revision 12, 2 live keys, cut from a.db, whose last revision is 15");
        assertThat(Files.getPosixFilePermissions(made)).isEqualTo(PosixFilePermissions.fromString("rw-------"));

        var verified = OfflineScene.run("verify", "-o", "json", made.toString());
        assertThat(verified.exitCode()).isZero();
        var facts = verified.json().get("files").get(0).get("facts");
        assertThat(facts.get("revision").asLong()).isEqualTo(12);
        assertThat(facts.get("compact_revision").asLong()).isEqualTo(10);
        assertThat(facts.get("live_keys").asLong()).isEqualTo(2);
        assertThat(OfflineScene.run("history", made.toString(), "/otherix/users/bob")
                        .out())
                .contains("12 ");
        assertThat(OfflineScene.run("compare", file, made.toString()).out())
                .isEqualToIgnoringNewLines("same history up to revision 12");
    }

    @Test
    void itsRecordIsBesideItAndNamesItsSource() throws IOException {
        var made = dir.resolve("cut.db");
        var run = OfflineScene.run("rewind", file, "--to-revision", "14", "--out", made.toString(), "-o", "json");
        var record = run.json();
        assertThat(record.get("name").asString()).isEqualTo("cut.db");
        assertThat(record.get("cut_from").toString()).isEqualTo("{\"name\":\"a.db\",\"revision\":15}");
        assertThat(record.get("revision").asLong()).isEqualTo(14);
        assertThat(record.get("live_keys").asLong()).isEqualTo(4);
        assertThat(record.get("size_bytes").asLong()).isEqualTo(Files.size(made));
        assertThat(record.get("verification").get("state").asString()).isEqualTo("verified");
        assertThat(record.get("history").isNull())
                .as("the source has no record")
                .isTrue();
        assertThat(OfflineScene.run("verify", "-o", "json", made.toString())
                        .json()
                        .get("files")
                        .get(0)
                        .get("facts")
                        .get("sha256")
                        .asString())
                .isEqualTo(record.get("sha256").asString());
        assertThat(new JsonMapper().readTree(dir.resolve("cut.json").toFile())).isEqualTo(record);
        Files.writeString(
                dir.resolve("cut.json"),
                record.toString().replace(record.get("sha256").asString(), "0"));
        assertThat(OfflineScene.run("history", made.toString(), "--prefix", "").err())
                .contains("the record beside it says 0");
    }

    @Test
    void aLeaseThatHasEndedSinceIsThereAgain() throws IOException {
        var made = dir.resolve("leased.db");
        var run = OfflineScene.run("rewind", file, "--to-revision", "13", "--out", made.toString());
        assertThat(run.out()).contains("leases added, with 60 s to live: 1,");
        var verified = OfflineScene.run("verify", made.toString());
        assertThat(verified.exitCode()).isZero();
        assertThat(verified.out()).doesNotContain("lease that is not in the file");
        assertThat(OfflineScene.run("verify", file).out()).contains("lease that is not in the file");
    }

    @ParameterizedTest
    @CsvSource({
        "9, does not hold revision 9: it holds revision 10",
        "16, does not hold revision 16: it holds revision 10"
    })
    void anotherMomentIsRefusedWithBothEnds(String revision, String message) throws IOException {
        var made = dir.resolve("no.db");
        var run = OfflineScene.run("rewind", file, "--to-revision", revision, "--out", made.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(message, "to 15");
        assertNothingIsLeft();
    }

    @Test
    void nothingIsReplacedAndNothingIsLeftOfWhatFailed() throws IOException {
        var there = Files.writeString(dir.resolve("there.db"), "mine");
        var refused = OfflineScene.run("rewind", file, "--to-revision", "12", "--out", there.toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains(there + " already exists and is not replaced");
        assertThat(there).hasContent("mine");
        Files.delete(there);

        var record = Files.writeString(dir.resolve("there.json"), "mine");
        refused = OfflineScene.run("rewind", file, "--to-revision", "12", "--out", there.toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains(record + " already exists");
        assertThat(record).hasContent("mine");
        Files.delete(record);

        var link = Files.createSymbolicLink(dir.resolve("link.db"), dir.resolve("elsewhere.db"));
        refused = OfflineScene.run("rewind", file, "--to-revision", "12", "--out", link.toString());
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(dir.resolve("elsewhere.db")).doesNotExist();
        Files.delete(link);
        assertNothingIsLeft();
    }

    @Test
    void aDamagedSourceIsRefusedAndNothingIsLeft() throws IOException {
        var bytes = Files.readAllBytes(Path.of(file));
        bytes[bytes.length / 2] ^= 1;
        var damaged = Files.write(dir.resolve("damaged.db"), bytes);
        var run = OfflineScene.run(
                "rewind",
                damaged.toString(),
                "--to-revision",
                "12",
                "--out",
                dir.resolve("no.db").toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(damaged + " has findings");
        Files.delete(damaged);
        assertNothingIsLeft();
    }

    @Test
    void whatIsLeftOfAKilledOneIsRemovedByTheNext() throws IOException {
        var leftover = Files.writeString(dir.resolve(".new.db.0badcafe.unfinished"), "half");
        var other = Files.writeString(dir.resolve(".other.db.0badcafe.unfinished"), "half");
        assertThat(OfflineScene.run(
                                "rewind",
                                file,
                                "--to-revision",
                                "12",
                                "--out",
                                dir.resolve("new.db").toString())
                        .exitCode())
                .isZero();
        assertThat(leftover).doesNotExist();
        assertThat(other).as("of another file").exists();
    }

    @Test
    void aRecordWhoseFileAKilledOneCouldNotNameIsWrittenAnew() throws IOException {
        var made = dir.resolve("new.db");
        var args = new String[] {"rewind", file, "--to-revision", "12", "--out", made.toString()};
        assertThat(OfflineScene.run(args).exitCode()).isZero();
        var unfinished = Files.move(made, dir.resolve(".new.db.0badcafe.unfinished"));

        var again = OfflineScene.run(args);

        assertThat(again.err()).isEmpty();
        assertThat(again.exitCode()).isZero();
        assertThat(unfinished).doesNotExist();
        assertThat(OfflineScene.run("history", made.toString(), "--prefix", "").err())
                .as("its record is its own")
                .isEmpty();

        Files.move(made, dir.resolve("moved.db"));
        var refused = OfflineScene.run(args);
        assertThat(refused.exitCode())
                .as("a record of a file that is elsewhere")
                .isEqualTo(1);
        assertThat(refused.err()).contains(dir.resolve("new.json") + " already exists and is not replaced");

        Files.writeString(dir.resolve(".new.db.0badcafe.unfinished"), "half");
        assertThat(OfflineScene.run(args).exitCode()).as("no file of its size").isEqualTo(1);
        assertThat(dir.resolve("new.json")).exists();
    }

    @Test
    void anUnfinishedOneThatIsInUseIsLeftAlone() throws IOException {
        var made = dir.resolve("new.db");
        var args = new String[] {"rewind", file, "--to-revision", "12", "--out", made.toString()};
        assertThat(OfflineScene.run(args).exitCode()).isZero();
        var unfinished = Files.move(made, dir.resolve(".new.db.0badcafe.unfinished"));
        try (var writer = FileChannel.open(unfinished, StandardOpenOption.WRITE);
                var _ = writer.tryLock()) {
            assertThat(OfflineScene.run(args).exitCode()).isEqualTo(1);
            assertThat(dir.resolve("new.json")).exists();
            assertThat(unfinished).exists();
        }
    }

    @Test
    void wrongUsageIsNamed() {
        usage("otherix-<time>.db is the name", "--to-revision", "12", "--out", "otherix-20260606T031500Z.db");
        usage("it is not a revision", "--to-revision", "45m", "--out", "x.db");
        usage("is a revision, not a time", "--to-time", "12", "--out", "x.db");
        usage("--out", "--to-revision", "12");
        usage("--to-revision", "--out", "x.db");
        usage("mutually exclusive", "--to-revision", "12", "--to-time", "45m", "--out", "x.db");
    }

    private void usage(String problem, String... options) {
        var args = Stream.concat(Stream.of("rewind", file), Arrays.stream(options));
        var run = OfflineScene.run(args.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(problem);
    }

    private void assertNothingIsLeft() throws IOException {
        try (var files = Files.list(dir)) {
            assertThat(files.map(path -> path.getFileName().toString())).isEqualTo(List.of("a.db"));
        }
    }
}
