package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.config.ListenAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTests {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theServiceIsTheDefaultAndGetsEveryArgumentAsItIs() {
        assertThat(Commands.serve()).hasValue(new String[0]);
        assertThat(Commands.serve("serve")).hasValue(new String[0]);
        assertThat(Commands.serve("--workers.backup.enabled=true", "--logging.level.root=debug", "--help"))
                .hasValue(new String[] {"--workers.backup.enabled=true", "--logging.level.root=debug", "--help"});
        assertThat(Commands.serve("serve", "--config", "@snapshot", "", "snapshot"))
                .hasValue(new String[] {"--config", "@snapshot", "", "snapshot"});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "snapshot",
                "--help",
                "-h",
                "--version",
                "-V",
                "serve --help",
                "serve --version",
                "list",
                "verify f.db",
                "ca f.db",
                "-x",
                ""
            })
    void otherWordsStartNoService(String args) {
        assertThat(Commands.serve(args.split(" ", -1))).isEmpty();
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: otherix-etcd-backup", "  serve ", "  snapshot ", "  list ", "  verify ", "  ca ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void eachCommandHasHelpOfItsOwn() {
        assertThat(run("serve", "--help")).isZero();
        assertThat(run("snapshot", "--help")).isZero();
        assertThat(run("list", "--help")).isZero();
        assertThat(run("verify", "--help")).isZero();
        assertThat(run("ca", "--help")).isZero();
        assertThat(out.toString())
                .contains("[--config FILE]... [--KEY=VALUE]...")
                .contains("--reason", "--pin", "--local", "--timeout", "(default: 10m)")
                .contains("[-o FORMAT] DIR", "--raw", "FILE|DIR", "--out", "Exit code: ");
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("otherix-etcd-backup \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @ParameterizedTest
    @CsvSource({"lists,list", "lst,list", "snapshots,snapshot", "Snapshot,snapshot", "hlep,help", "unpinn,unpin"})
    void anUnknownCommandIsNamedWithTheNearestOne(String word, String near) {
        assertThat(run(word)).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "otherix-etcd-backup: unknown command: " + word + ". Did you mean " + near + "?",
                        "See otherix-etcd-backup help.");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "backup", "delete"})
    void whatIsFarFromEachCommandIsNotGuessed(String word) {
        assertThat(run(word)).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly("otherix-etcd-backup: unknown command: " + word, "See otherix-etcd-backup help.");
    }

    @Test
    void helpIsACommandToo() {
        assertThat(run("help")).isZero();
        assertThat(out.toString()).contains("Usage: otherix-etcd-backup", "  pin ", "  unpin ");
        assertThat(run("help", "unpin")).isZero();
        assertThat(out.toString()).contains("Usage: otherix-etcd-backup unpin NAME");
        assertThat(run("help", "lst")).isEqualTo(2);
        assertThat(err.toString()).contains("lst").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            snapshot --pinned          | --pinned. Did you mean --pin?
            snapshot --reson=a         | --reson. Did you mean --reason?
            snapshot --url http://a    | --url
            snapshot --foo             | --foo
            verify --rw f.db           | --rw. Did you mean --raw?
            list --outptu=json         | --outptu. Did you mean --output?
            ca f.db --foo --out d      | --foo
            pin latest --reason=a      | --reason
            token new --name a --scope read --expire-at b | --expire-at. Did you mean --expires-at?
            -x                         | -x
            """)
    void anUnknownOptionIsComparedWithTheCommandsOwn(String args, String message) {
        assertThat(run(args.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines().findFirst()).hasValue("otherix-etcd-backup: unknown option: " + message);
        assertThat(err.toString().lines()).hasSize(2);
    }

    @Test
    void anUnforeseenFaultIsShownInFull() {
        var commands = new Commands(
                _ -> {
                    throw new IllegalStateException("a fault");
                },
                _ -> Optional.empty(),
                new PrintWriter(out),
                new PrintWriter(err));
        assertThat(commands.run("snapshot")).isEqualTo(1);
        assertThat(err.toString()).contains("IllegalStateException: a fault").contains("\tat ");
    }

    private int run(String... args) {
        List<String> none = List.of();
        return new Commands(
                        settings -> {
                            assertThat(settings).isEqualTo(none);
                            return new Service(
                                    new ListenAddress("127.0.0.1", 1),
                                    Path.of("/nonexistent"),
                                    new TlsProperties(null, null, null));
                        },
                        _ -> Optional.empty(),
                        new PrintWriter(out),
                        new PrintWriter(err))
                .run(args);
    }
}
