package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndoCommandTests {

    private static final String VALUE = "a value that is a secret";

    @TempDir
    private Path dir;

    private String file = "";

    @BeforeEach
    void write() throws IOException {
        file = new WrittenPast()
                .compacted(10)
                .at(9)
                .put("/otherix/users/ann", VALUE)
                .at(10)
                .put("/otherix/nodes/n1", VALUE, 7)
                .at(11)
                .put("/otherix/users/ann", "x")
                .delete("/otherix/nodes/n1")
                .put("/otherix/users/bob", "x")
                .at(12)
                .put("/otherix/jobs/1", "x")
                .at(13)
                .put(ByteString.copyFrom(new byte[] {'/', (byte) 0xff}), ByteString.copyFromUtf8("x"), 0)
                .at(14)
                .put("/otherix/users/bob", "y")
                .at(15)
                .put("/otherix/vm_disks/1", "x")
                .write(dir.resolve("a.db"))
                .toString();
    }

    @Test
    void eachTransactionIsShownWithItsKeysAndNoValue() {
        var run = OfflineScene.run("undo", file, "--from", "10");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().replace(System.lineSeparator(), "\n")).isEqualTo("""
                revision 15 (time not known): puts 0, deletes 1
                  delete    /otherix/vm_disks/1
                revision 14 (time not known): puts 0, deletes 1
                  delete    /otherix/users/bob
                revision 13 (time not known): puts 0, deletes 1
                  delete    /\ufffd
                revision 12 (time not known): left out: it changes keys below /otherix/jobs/, and --revision does not name it
                revision 11 (time not known): puts 1, deletes 0
                  put       /otherix/users/ann
                  leased    /otherix/nodes/n1: left out
                """);
        assertThat(run.err()).contains("The rows alone bring no machine back").doesNotContain(VALUE);
    }

    @Test
    void jsonHasWhatWouldBeWrittenAndWhy() {
        var json = OfflineScene.run("undo", file, "--revision", "12,11", "--rev=13", "-o", "json", "--skip-conflicts")
                .json();
        assertThat(json.toString())
                .isEqualTo("{\"transactions\":["
                        + "{\"revision\":13,\"time\":null,\"puts\":0,\"deletes\":1,\"left_out\":null,\"conflicts\":[],"
                        + "\"leased\":[]},"
                        + "{\"revision\":12,\"time\":null,\"puts\":0,\"deletes\":1,\"left_out\":null,\"conflicts\":[],"
                        + "\"leased\":[]},"
                        + "{\"revision\":11,\"time\":null,\"puts\":0,\"deletes\":0,\"left_out\":\"has a conflict\","
                        + "\"conflicts\":[{\"key\":\"/otherix/users/bob\",\"revision\":14}],"
                        + "\"leased\":[\"/otherix/nodes/n1\"]}],\"applied\":0}");
    }

    @Test
    void aConflictIsListedAndNothingIsWritten() {
        var target = dir.resolve("undo.jsonl");
        var run = OfflineScene.run("undo", file, "--revision", "11", "--out", target.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("  conflict  /otherix/users/bob: changed since, in revision 14");
        assertThat(run.err())
                .contains(
                        "keys that were changed since: 1, the first: /otherix/users/bob; nothing was written",
                        "--skip-conflicts");
        assertThat(target).doesNotExist();
    }

    @Test
    void theBodiesForEtcdAreInAFileForItsOwnerNewestFirst() throws IOException {
        var target = dir.resolve("undo.jsonl");
        var run = OfflineScene.run("undo", file, "--from=10", "--prefix=/otherix/users/", "--out", target.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains(target + " has 2 transactions, to be sent in this order", "secrets");
        assertThat(Files.readAllLines(target))
                .containsExactly(
                        "{\"compare\":[{\"result\":\"EQUAL\",\"target\":\"MOD\",\"key\":\"L290aGVyaXgvdXNlcnMvYm9i\","
                                + "\"mod_revision\":\"14\"}],\"success\":[{\"request_delete_range\":{\"key\":"
                                + "\"L290aGVyaXgvdXNlcnMvYm9i\"}}]}",
                        "{\"compare\":[{\"result\":\"EQUAL\",\"target\":\"MOD\",\"key\":\"L290aGVyaXgvdXNlcnMvYW5u\","
                                + "\"mod_revision\":\"11\"}],\"success\":[{\"request_put\":{\"key\":"
                                + "\"L290aGVyaXgvdXNlcnMvYW5u\",\"value\":\"YSB2YWx1ZSB0aGF0IGlzIGEgc2VjcmV0\"}}]}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void aFileThatIsThereIsNeverReplaced() throws IOException {
        var target = Files.writeString(dir.resolve("undo.jsonl"), "mine");
        var run = OfflineScene.run("undo", file, "--revision", "15", "--out", target.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(target + " already exists and is not replaced");
        assertThat(target).hasContent("mine");
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed() {
        var run = OfflineScene.run(
                "undo",
                file,
                "--revision",
                "15",
                "--out",
                dir.resolve("no/undo.jsonl").toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("cannot write " + dir.resolve("no/undo.jsonl") + ": it does not exist");
    }

    @Test
    void whatTheFileDoesNotHoldIsRefused() {
        var run = OfflineScene.run("undo", file, "--revision", "10");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("does not hold the change of revision 10");
        assertThat(OfflineScene.run("undo", file, "--from", "9").exitCode()).isEqualTo(1);
    }

    @Test
    void whereNothingWasChosenThatIsSaid() {
        var run = OfflineScene.run("undo", file, "--from", "15");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("no transaction was chosen. " + file + " holds revision 10");
    }

    @Test
    void theHelpBeginsWithTheSnapshotToTakeFirst() {
        assertThat(OfflineScene.run("undo", "--help").out())
                .startsWith("First take and pin a snapshot, before etcd compacts what you want back:");
    }

    @Test
    void wrongUsageIsNamed() {
        usage("--revision or --from is missing", "undo", file);
        usage("--revision and --from cannot be combined", "undo", file, "--revision=11", "--from=11");
        usage("--to needs --from", "undo", file, "--revision=11", "--to=12");
        usage("--revision 0 is no revision", "undo", file, "--revision=0");
        usage("--from", "undo", file, "--from=13", "--to=12");
        usage("Invalid value for option '--revision'", "undo", file, "--revision=x");
    }

    private static void usage(String problem, String... args) {
        var run = OfflineScene.run(args);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(problem);
    }
}
