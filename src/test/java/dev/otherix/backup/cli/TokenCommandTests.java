package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCommandTests {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theTokenIsOnTheFirstLineAndItsEntryFollows() throws Exception {
        assertThat(run("token", "new", "--name", "grafana", "--scope", "read")).isZero();
        var lines = out.toString().lines().toList();
        assertThat(lines.getFirst()).matches("oeb_[A-Za-z0-9_-]{43}");
        var sha256 = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(lines.getFirst().getBytes(StandardCharsets.UTF_8)));
        assertThat(lines.subList(1, lines.size()))
                .containsExactly("  - name: grafana", "    scope: read", "    sha256: " + sha256);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void anEndCanBeGivenAndNoTwoAreTheSame() {
        assertThat(run("token", "new", "--name=a", "--scope=admin", "--expires-at=2027-01-31T00:00:00+01:00"))
                .isZero();
        assertThat(run("token", "new", "--name=a", "--scope=admin")).isZero();
        assertThat(out.toString()).contains("    expires_at: 2027-01-30T23:00:00Z\n");
        assertThat(out.toString()
                        .lines()
                        .filter(line -> line.startsWith("oeb_"))
                        .distinct())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            token                                              | a command is missing: token new
            token new                                          | --name
            token new --name a                                 | --scope
            token new --name a --scope root                    | 'root' is not one of read, operate, admin
            token new --name -a --scope read                   | '-a' is not 1 to 64 letters
            token new --name a --scope read --expires-at soon  | 'soon' is not a time such as
            token old                                          | old
            """)
    void badUsageIsToldAndNothingIsPrinted(String args, String message) {
        assertThat(run(args.split(" +"))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("otherix-etcd-backup: ")
                .contains(message)
                .contains("See otherix-etcd-backup token")
                .contains("--help.")
                .doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... args) {
        return new Commands(
                        _ -> {
                            throw new AssertionError("no service is needed");
                        },
                        _ -> Optional.empty(),
                        new PrintWriter(out),
                        new PrintWriter(err))
                .run(args);
    }
}
