package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffCommandTests {

    @TempDir
    private Path dir;

    private String file = "";

    @BeforeEach
    void write() throws IOException {
        file = WrittenPast.small().write(dir.resolve("a.db")).toString();
    }

    @Test
    void theNetChangeIsShownByKindAndByKeyWithoutValues() {
        var run = OfflineScene.run("diff", file, "--from", "10", "--to", "13");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().replace(System.lineSeparator(), "\n")).isEqualTo("""
                revision 10 (time not known) to 13 (time not known): 2 added, 1 changed, 1 removed
                KIND          ADDED  CHANGED  REMOVED
                nodes             1        0        0
                user_names        1        0        0
                users             0        1        1

                + /otherix/nodes/n1
                + /otherix/user_names/ann
                ~ /otherix/users/ann
                - /otherix/users/bob
                """);
    }

    @Test
    void aKeyThatCameBackWithAnotherValueIsChanged() {
        assertThat(OfflineScene.run("diff", file, "--from", "10", "-o", "json", "--prefix", "/otherix/users/")
                        .json()
                        .toString())
                .isEqualTo(
                        "{\"from\":10,\"to\":15,\"added\":[],\"changed\":[\"/otherix/users/ann\",\"/otherix/users/bob\"],"
                                + "\"removed\":[]}");
    }

    @Test
    void whatCameBackAsItWasIsNoDifferenceAndAnotherLeaseIsOne() throws IOException {
        var past = new WrittenPast()
                .next()
                .put("/same", "1")
                .put("/leased", "1")
                .next()
                .put("/same", "2")
                .put("/leased", "1", 7)
                .next()
                .put("/same", "1")
                .put("/short", "1")
                .next()
                .delete("/short")
                .write(dir.resolve("b.db"))
                .toString();
        assertThat(OfflineScene.run("diff", past, "--from", "2", "-o", "json")
                        .json()
                        .toString())
                .isEqualTo("{\"from\":2,\"to\":5,\"added\":[],\"changed\":[\"/leased\"],\"removed\":[]}");
        assertThat(OfflineScene.run("diff", past, "--from", "5").out().lines())
                .containsExactly("revision 5 (time not known) to 5 (time not known): 0 added, 0 changed, 0 removed");
        assertThat(OfflineScene.run("diff", past, "--from", "1", "-o", "json")
                        .json()
                        .get("added")
                        .toString())
                .isEqualTo("[\"/leased\",\"/same\"]");
    }

    @Test
    void wrongUsageIsNamed() {
        var missing = OfflineScene.run("diff", file);
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("--from");
        var exchanged = OfflineScene.run("diff", file, "--from", "13", "--to", "12");
        assertThat(exchanged.exitCode()).isEqualTo(2);
        assertThat(exchanged.err()).contains("--from is revision 13, which is after --to, revision 12");
    }
}
