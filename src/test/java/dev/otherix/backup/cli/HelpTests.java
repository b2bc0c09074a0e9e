package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person with a terminal of 80 columns sees. */
class HelpTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "help",
                "serve --help",
                "snapshot --help",
                "pin --help",
                "unpin --help",
                "list --help",
                "verify --help",
                "ca --help",
                "undo --help",
                "restore plan --help",
                "offsite --help",
                "offsite list --help",
                "offsite fetch --help",
                "offsite check --help",
                "offsite card --help",
                "token --help",
                "token new --help",
                "help snapshot",
                "help --help"
            })
    void noLineIsLongerThanATerminalIsWide(String args) {
        var run = OfflineScene.run(args.split(" "));
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("Usage: otherix-etcd-backup");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    /** A line that holds one word, and is not the last of its paragraph, was wrapped a second time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "serve --help",
                "snapshot --help",
                "pin --help",
                "unpin --help",
                "list --help",
                "verify --help",
                "ca --help",
                "undo --help",
                "restore plan --help",
                "offsite --help",
                "offsite list --help",
                "offsite fetch --help",
                "offsite check --help",
                "offsite card --help",
                "token --help",
                "token new --help"
            })
    void noLineIsWrappedTwice(String args) {
        var lines = OfflineScene.run(args.split(" "))
                .out()
                .lines()
                .map(String::strip)
                .toList();
        for (int i = 0; i + 1 < lines.size(); i++) {
            var next = lines.get(i + 1);
            var goesOn = !next.isEmpty()
                    && Character.isLowerCase(next.charAt(0))
                    && !lines.get(i).endsWith(".");
            var oneWord = lines.get(i).matches("[A-Za-z_.]+");
            assertThat(goesOn && oneWord).as(lines.get(i) + " / " + next).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshot --help", "serve --help"})
    void theExampleIsNotThePortForMonitoring(String args) {
        assertThat(OfflineScene.run(args.split(" ")).out()).doesNotContain("8091");
    }
}
