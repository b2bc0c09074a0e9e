package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTests {

    @TempDir
    private Path dir;

    private String file = "";

    @BeforeEach
    void write() throws IOException {
        file = WrittenPast.small().write(dir.resolve("a.db")).toString();
    }

    @Test
    void theKeysOfAMomentAreOneALineInByteOrder() {
        assertThat(OfflineScene.run("keys", file, "--rev", "11").out().lines())
                .containsExactly("/otherix/user_names/ann", "/otherix/users/ann", "/otherix/users/bob");
        assertThat(OfflineScene.run("keys", file, "--revision", "13", "--prefix", "/otherix/users/", "--prefix", "/o")
                        .out()
                        .lines())
                .containsExactly("/otherix/nodes/n1", "/otherix/user_names/ann", "/otherix/users/ann");
    }

    @Test
    void inJsonAKeyThatIsNoTextIsInBase64() {
        assertThat(OfflineScene.run("keys", file, "-o", "json").json().toString())
                .isEqualTo("{\"revision\":15,\"keys\":[\"/otherix/nodes/n1\",\"/otherix/user_names/ann\","
                        + "\"/otherix/users/ann\",\"/otherix/users/bob\",{\"key_base64\":\"L/9i\"}]}");
    }

    @Test
    void manyKeysAreSortedInTemporaryFilesThatLeaveNothingBehind() throws IOException {
        var many = many();
        var scratch = Files.createDirectory(dir.resolve("scratch"));
        var run = OfflineScene.run("keys", many, "--scratch", scratch.toString());
        assertThat(run.out().lines()).hasSize(60_000).isSorted();
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void whereTemporaryFilesCannotBeWrittenThePlaceAndTheOptionAreNamed() throws IOException {
        var run =
                OfflineScene.run("keys", many(), "--scratch", dir.resolve("no").toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(
                        "cannot sort in temporary files in " + dir.resolve("no") + ": it does not exist", "--scratch");
    }

    private String many() throws IOException {
        var past = new WrittenPast();
        for (var i = 0; i < 60_000; i++) {
            past.next().put("/otherix/things/%05d".formatted(i * 7919L % 60_000), "x");
        }
        return past.write(dir.resolve("many.db")).toString();
    }

    @Test
    void aKeyThatIsLongerThanAnyOfOtherixIsRefused() throws IOException {
        var past = new WrittenPast()
                .next()
                .put("/a", "x")
                .next()
                .put("/b" + "b".repeat(1 << 20), "x")
                .write(dir.resolve("long.db"))
                .toString();
        for (var args :
                new String[][] {{"keys", past}, {"diff", past, "--from", "1"}, {"history", past, "--prefix", ""}}) {
            var run = OfflineScene.run(args);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("the key of a row of revision 3 has 1048578 bytes");
        }
        assertThat(OfflineScene.run("keys", past, "--prefix", "/a").out().lines())
                .containsExactly("/a");
        assertThat(OfflineScene.run("history", past, "--prefix", "", "--transactions")
                        .exitCode())
                .isZero();
    }
}
