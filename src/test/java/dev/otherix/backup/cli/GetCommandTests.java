package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GetCommandTests {

    @TempDir
    private Path dir;

    private String file = "";

    @BeforeEach
    void write() throws IOException {
        file = WrittenPast.small().write(dir.resolve("a.db")).toString();
    }

    @Test
    void theBytesOfTheValueAreAllThatIsPrinted() {
        var run = OfflineScene.run("get", file, "/otherix/users/ann");
        assertThat(run.exitCode()).isZero();
        assertThat(run.bytes()).asString().isEqualTo("ann 2");
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aValueIsShownAsItWasAtEachRevisionFromTheCompactOneOn() {
        assertThat(value("/otherix/users/ann", 10)).isEqualTo("ann 1");
        assertThat(value("/otherix/users/ann", 11)).isEqualTo("ann 2");
        assertThat(value("/otherix/users/bob", 11)).isEqualTo("bob 1");
        assertThat(value("/otherix/users/bob", 14)).isEqualTo("bob 2");
    }

    private String value(String key, long revision) {
        var run = OfflineScene.run("get", file, key, "--rev", Long.toString(revision));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return new String(run.bytes());
    }

    @Test
    void aKeyThatIsNotThereIsOneWithNothingOnStandardOutput() {
        for (var format : new String[] {"raw", "json"}) {
            for (var args : new String[][] {
                {"/otherix/users/bob", "--revision=12"}, {"/otherix/users/bo", "--revision=14"}, {"", "--revision=14"}
            }) {
                var run = OfflineScene.run("get", file, args[0], args[1], "-o", format);
                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(run.out()).isEmpty();
                assertThat(run.bytes()).isEmpty();
                assertThat(run.err())
                        .contains(args[0] + " is not in " + file + " at revision " + args[1].split("=")[1]);
            }
        }
    }

    @Test
    void jsonHasAllThatEtcdKnowsOfTheKey() {
        assertThat(OfflineScene.run("get", file, "/otherix/users/ann", "-o", "json")
                        .json()
                        .toString())
                .isEqualTo("{\"key\":\"/otherix/users/ann\",\"revision\":11,\"create_revision\":9,\"version\":2,"
                        + "\"lease\":null,\"value\":\"ann 2\"}");
        assertThat(OfflineScene.run("get", file, "/otherix/nodes/n1", "-w", "json")
                        .json()
                        .get("lease")
                        .asString())
                .isEqualTo("1234abcd");
    }

    @Test
    void aValueThatIsNoTextIsInBase64() throws IOException {
        var past = new WrittenPast()
                .next()
                .put(ByteString.copyFromUtf8("/cut"), ByteString.copyFrom(new byte[] {'a', (byte) 0xc3}), 0)
                .next()
                .put("/empty", "")
                .next()
                .put("/large", "\u00e4\ud83d\ude00".repeat(50_000))
                .write(dir.resolve("b.db"))
                .toString();
        assertThat(OfflineScene.run("get", past, "/cut", "-o", "json")
                        .json()
                        .get("value_base64")
                        .asString())
                .isEqualTo("YcM=");
        assertThat(OfflineScene.run("get", past, "/empty", "-o", "json")
                        .json()
                        .get("value")
                        .asString())
                .isEmpty();
        assertThat(OfflineScene.run("get", past, "/large", "-o", "json")
                        .json()
                        .get("value")
                        .asString())
                .isEqualTo("\u00e4\ud83d\ude00".repeat(50_000));
        assertThat(OfflineScene.run("get", past, "/large").bytes())
                .asString()
                .isEqualTo("\u00e4\ud83d\ude00".repeat(50_000));
    }

    @Test
    void wrongUsageIsNamed() {
        usage("--revision and --at cannot be combined", "--rev", "11", "--at", "45m");
        usage("--revision 45m: it is not a revision", "--revision", "45m");
        usage("--at 11: it is a revision, not a time", "--at", "11");
        usage("'text' is neither raw nor json", "-o", "text");
    }

    private void usage(String problem, String... options) {
        var args = new String[options.length + 3];
        args[0] = "get";
        args[1] = file;
        args[2] = "/otherix/users/ann";
        System.arraycopy(options, 0, args, 3, options.length);
        var run = OfflineScene.run(args);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.bytes()).isEmpty();
        assertThat(run.err()).contains(problem);
    }
}
