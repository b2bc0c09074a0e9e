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
    @ValueSource(strings = {"snapshot", "--help", "-h", "--version", "-V", "serve --help", "serve --version", "list",
        "verify f.db", "ca f.db", "-x", ""})
    void otherWordsStartNoService(String args) {
        assertThat(Commands.serve(args.split(" ", -1))).isEmpty();
    }

    @Test
    void helpNamesEveryCommand() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Usage: otherix-etcd-backup", "  serve ", "  snapshot ", "  list ", "  verify ", "  ca ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void eachCommandHasHelpOfItsOwn() {
        assertThat(run("serve", "--help")).isZero();
        assertThat(run("snapshot", "--help")).isZero();
        assertThat(run("list", "--help")).isZero();
        assertThat(run("verify", "--help")).isZero();
        assertThat(run("ca", "--help")).isZero();
        assertThat(out.toString()).contains("[--config FILE]... [--KEY=VALUE]...")
                .contains("--reason", "--pin", "--local", "--timeout", "(default: 10m)")
                .contains("[-o FORMAT] DIR", "--raw", "FILE|DIR", "--out", "Exit code: ");
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("otherix-etcd-backup \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lists", "snapshots", "Snapshot", ""})
    void anUnknownCommandIsNamedAndUsageFollows(String word) {
        assertThat(run(word)).isEqualTo(2);
        assertThat(err.toString()).startsWith("otherix-etcd-backup: unknown command: " + word + System.lineSeparator())
                .contains("Usage: otherix-etcd-backup");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anUnknownShortOptionIsRefused() {
        assertThat(run("-x")).isEqualTo(2);
        assertThat(err.toString()).startsWith("otherix-etcd-backup: Unknown option: '-x'");
    }

    @Test
    void anUnforeseenFaultIsShownInFull() {
        var commands = new Commands(_ -> {
            throw new IllegalStateException("a fault");
        }, _ -> Optional.empty(), new PrintWriter(out), new PrintWriter(err));
        assertThat(commands.run("snapshot")).isEqualTo(1);
        assertThat(err.toString()).contains("IllegalStateException: a fault").contains("\tat ");
    }

    private int run(String... args) {
        List<String> none = List.of();
        return new Commands(settings -> {
            assertThat(settings).isEqualTo(none);
            return new Service(new ListenAddress("127.0.0.1", 1), Path.of("/nonexistent"), new TlsProperties(null, null, null));
        }, _ -> Optional.empty(), new PrintWriter(out), new PrintWriter(err)).run(args);
    }
}
