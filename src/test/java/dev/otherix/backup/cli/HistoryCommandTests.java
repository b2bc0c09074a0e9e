package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryCommandTests {

    @TempDir
    private Path dir;

    private String file = "";

    @BeforeEach
    void write() throws IOException {
        file = WrittenPast.small().write(dir.resolve("a.db")).toString();
    }

    @Test
    void theChangesOfAKeyAreShownNewestFirstWithoutTheirValues() {
        var run = OfflineScene.run("history", file, "/otherix/users/bob");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().replace(System.lineSeparator(), "\n")).isEqualTo("""
                REVISION    TIME                      OP      VERSION       SIZE  LEASE             KEY
                14          -                         put           1          5  -                 /otherix/users/bob
                12          -                         delete        0          0  -                 /otherix/users/bob
                """);
    }

    @Test
    void theRowThatIsLiveAtTheCompactRevisionIsNoChange() {
        var run = OfflineScene.run("history", file, "/otherix/users/ann", "-o", "json");
        assertThat(run.json().toString())
                .isEqualTo(
                        "{\"key\":\"/otherix/users/ann\",\"changes\":[{\"key\":\"/otherix/users/ann\",\"revision\":11,"
                                + "\"time\":null,\"op\":\"put\",\"version\":2,\"lease\":null,\"size_bytes\":5}]}");
    }

    @Test
    void aPrefixMayBeRepeatedAndAKeyThatIsNotTextIsInBase64() {
        var json = OfflineScene.run(
                        "history", file, "--prefix", "/otherix/nodes/", "--prefix", "/", "-w", "json", "--limit", "3")
                .json();
        assertThat(json.get("prefix").toString()).isEqualTo("[\"/otherix/nodes/\",\"/\"]");
        assertThat(json.get("changes")).hasSize(3);
        assertThat(json.get("changes").get(0).toString())
                .isEqualTo("{\"key_base64\":\"L/9i\",\"revision\":15,\"time\":null,\"op\":\"put\",\"version\":1,"
                        + "\"lease\":null,\"size_bytes\":2}");
        assertThat(json.get("changes").get(2).get("lease").asString()).isEqualTo("1234abcd");
    }

    @Test
    void sinceAndUntilNameStates() {
        assertThat(revisions("--prefix", "", "--since", "11", "--until", "13")).containsExactly("13", "12");
        assertThat(revisions("--prefix", "", "--since", "10")).containsExactly("15", "14", "13", "12", "11", "11");
        assertThat(revisions("--prefix", "", "--op", "delete")).containsExactly("12");
        assertThat(revisions("--prefix", "", "--op", "put", "--until", "12")).containsExactly("11", "11");
    }

    private List<String> revisions(String... options) {
        var args = new ArrayList<>(Arrays.asList("history", file));
        args.addAll(Arrays.asList(options));
        return OfflineScene.run(args.toArray(String[]::new))
                .out()
                .lines()
                .skip(1)
                .map(line -> line.split(" +")[0])
                .toList();
    }

    @Test
    void aTransactionThatChangesSuchAKeyIsShownWhole() {
        var run = OfflineScene.run("history", file, "--prefix", "/otherix/users/ann", "--transactions");
        assertThat(run.out().replace(System.lineSeparator(), "\n")).isEqualTo("""
                REVISION    TIME                         PUTS  DELETES  KINDS
                11          -                               2        0  user_names 1, users 1
                """);
        var json = OfflineScene.run("history", file, "--prefix", "", "--transactions", "-o", "json", "--limit", "4")
                .json();
        assertThat(json.get("transactions").findValuesAsString("revision")).containsExactly("15", "14", "13", "12");
        assertThat(json.get("transactions").get(3).toString())
                .isEqualTo("{\"revision\":12,\"time\":null,\"puts\":0,\"deletes\":1,\"kinds\":{\"users\":1}}");
    }

    @Test
    void whereNothingChangedThatIsSaidWithWhatTheFileHolds() {
        var run = OfflineScene.run("history", file, "/otherix/nodes/n2");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "no change between revision 10 and 15. " + file + " holds revision 10 (time not known) to 15");
    }

    @Test
    void aMomentOutsideOfTheFileIsRefused() {
        var run = OfflineScene.run("history", file, "--prefix", "", "--since", "9");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(file + " does not hold revision 9: it holds revision 10", "Name a moment in between");
    }

    @Test
    void wrongUsageIsNamed() {
        usage("KEY is missing", "history", file);
        usage("KEY and --prefix cannot be combined", "history", file, "/a", "--prefix", "/b");
        usage("--limit 0 is below 1", "history", file, "/a", "--limit", "0");
        usage("'get' is neither put nor delete", "history", file, "/a", "--op", "get");
        usage("it has no offset", "history", file, "/a", "--since", "2026-06-06T03:15:00");
        usage("--since is revision 13, which is after --until", "history", file, "/a", "--since=13", "--until=12");
    }

    private static void usage(String problem, String... args) {
        var run = OfflineScene.run(args);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(problem);
    }

    @Test
    void aFileWithFindingsIsRefusedInTheWordsOfVerify() throws IOException {
        var bytes = Files.readAllBytes(Path.of(file));
        Files.write(Path.of(file), Arrays.copyOf(bytes, bytes.length - 32));
        var run = OfflineScene.run("history", file, "--prefix", "");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(file + " has findings (1), the first: footer_missing: no footer", "add --raw");
        assertThat(OfflineScene.run("verify", file).out()).contains("  - footer_missing: no footer");
        assertThat(OfflineScene.run("history", file, "--prefix", "", "--raw").exitCode())
                .isZero();
        bytes[bytes.length - 1] ^= 1;
        Files.write(Path.of(file), bytes);
        assertThat(OfflineScene.run("history", file, "--prefix", "", "--skip-hash-check")
                        .err())
                .as("a footer that is there and wrong is never skipped")
                .contains("the first: footer: ");
    }

    @Test
    void whatCannotBeReadIsTwo() throws IOException {
        assertThat(OfflineScene.run("history", dir.resolve("no.db").toString(), "/a")
                        .exitCode())
                .isEqualTo(2);
        var packed = Files.write(dir.resolve("a.db.gz"), new byte[] {0x1f, (byte) 0x8b, 8});
        var run = OfflineScene.run("history", packed.toString(), "/a");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("it is compressed (gzip)", "gzip -dc");
    }
}
