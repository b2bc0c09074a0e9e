package dev.otherix.backup.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.UnusableConfigFile;
import dev.otherix.backup.log.Written;
import dev.otherix.backup.realetcd.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TokensTests {

    private static final String GRAFANA = TokenText.random();
    private static final String DEPLOY = TokenText.random();
    private static final Instant NOW = Instant.parse("2026-06-06T03:15:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);

    @TempDir
    private Path temporary;

    private Path tokensFile(String content) throws IOException {
        return PrivateFile.write(temporary.resolve("tokens.yaml"), content);
    }

    private static String entry(String name, String scope, String token) {
        return "  - name: " + name + "\n    scope: " + scope + "\n    sha256: " + TokenText.sha256(token) + "\n";
    }

    private Tokens open(Path tokensFile) {
        return Tokens.open(new AccessProperties(tokensFile, temporary.resolve("api-token")), clock());
    }

    private Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }

    private static boolean knows(Tokens tokens, String text) {
        return tokens.check(text) instanceof Tokens.Verdict.Known;
    }

    /** As a file that was written long enough ago that its time tells a change. */
    private static void settle(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(1))));
    }

    @Test
    void aTokenOfTheFileIsKnownWithItsScopeUntilItExpires() throws IOException {
        var tokens = open(tokensFile("tokens:\n" + entry("grafana", "read", GRAFANA)
                + "    expires_at: 2026-06-06T05:15:01+02:00\n" + entry("deploy", "operate", DEPLOY)));

        assertThat(tokens.check(GRAFANA)).isInstanceOfSatisfying(Tokens.Verdict.Known.class, known -> {
            assertThat(known.token().name()).isEqualTo("grafana");
            assertThat(known.token().scope()).isEqualTo(Scope.READ);
        });
        assertThat(tokens.inForce()).isEqualTo(2);
        assertThat(tokens.check(GRAFANA + "x")).isEqualTo(new Tokens.Verdict.Unknown());
        assertThat(tokens.check(TokenText.sha256(GRAFANA)))
                .as("the hash is no token")
                .isEqualTo(new Tokens.Verdict.Unknown());

        now.set(NOW.plusSeconds(1));
        assertThat(tokens.check(GRAFANA)).isInstanceOf(Tokens.Verdict.Expired.class);
        assertThat(knows(tokens, DEPLOY)).isTrue();
        assertThat(tokens.inForce()).isEqualTo(1);
    }

    @Test
    void aChangeOfTheFileIsTakenAndOneThatIsWrongIsNot(CapturedOutput output) throws IOException {
        var file = tokensFile("tokens:\n" + entry("grafana", "read", GRAFANA));
        settle(file);
        var tokens = open(file);

        PrivateFile.write(file, "tokens:\n" + entry("deploy", "admin", DEPLOY));
        tokens.look();
        assertThat(knows(tokens, DEPLOY)).isTrue();
        assertThat(knows(tokens, GRAFANA)).as("removed").isFalse();

        PrivateFile.write(file, "tokens:\n" + entry("deploy", "root", DEPLOY));
        tokens.look();
        tokens.look();
        assertThat(knows(tokens, DEPLOY)).as("the last good ones").isTrue();
        assertThat(tokens.problem())
                .hasValueSatisfying(
                        problem -> assertThat(problem).contains("line 3", "not one of read, operate, admin"));
        assertThat(Written.out(output)
                        .toString()
                        .lines()
                        // what the test before this one logged may come only now
                        .filter(line ->
                                line.contains("the last good tokens stay valid") && line.contains(file.toString())))
                .hasSize(1);

        PrivateFile.write(file, "tokens: []\n");
        tokens.look();
        assertThat(tokens.problem()).isEmpty();
        assertThat(knows(tokens, DEPLOY)).as("nobody").isFalse();
    }

    @Test
    void aFileThatIsGoneOrOpenedToOthersChangesNothing() throws IOException {
        var file = tokensFile("tokens:\n" + entry("grafana", "read", GRAFANA));
        settle(file);
        var tokens = open(file);

        Files.delete(file);
        tokens.look();
        assertThat(knows(tokens, GRAFANA)).isTrue();
        assertThat(tokens.check("")).isEqualTo(new Tokens.Verdict.Unknown());
        assertThat(tokens.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("does not exist"));

        tokensFile("tokens:\n" + entry("deploy", "admin", DEPLOY));
        settle(file);
        tokens.look();
        assertThat(knows(tokens, DEPLOY)).isTrue();

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        tokens.look();
        assertThat(tokens.problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("mode 0644"));
        assertThat(knows(tokens, DEPLOY)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tokens: {x: 1}                                          | line 1
            token: []                                               | line 1
            tokens: [SECRET]                                        | line 1
            {SECRET: read}                                          | line 1
            tokens: [{name: a, scope: read}]                        | without sha256
            tokens: [{scope: read, sha256: HASH}]                   | without name
            tokens: [{name: a, sha256: HASH}]                       | without scope
            tokens: [{name: a, scope: READ, sha256: HASH}]          | not one of read, operate, admin
            tokens: [{name: a, scope: read, sha256: SECRET}]        | not a SHA-256
            tokens: [{name: 'a b', scope: read, sha256: HASH}]      | not a valid name
            tokens: [{name: a, scope: read, sha256: HASH, x: y}]    | line 1
            tokens: [{name: a, scope: read, sha256: HASH, expires_at: soon}] | not a time such as
            tokens: [{name: a, scope: read, sha256: HASH, expires_at: 2026-01-01}] | not a time such as
            tokens: [{name: a, scope: read, sha256: HASH}, {name: b, scope: read, sha256: HASH}] | two entries
            # nothing                                               | has no list
            """)
    void aWrongFileIsRefusedWithoutBeingQuoted(String content, String problem) throws IOException {
        var file = tokensFile(content.replace("SECRET", GRAFANA).replace("HASH", TokenText.sha256(GRAFANA)) + "\n");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> open(file))
                .withMessageContaining(problem)
                .withMessageContaining("api.tokens_file")
                .withMessageNotContaining(GRAFANA)
                .satisfies(e -> assertThat(e.fix()).isNotBlank().doesNotContain(GRAFANA));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tokens: [", "a: b: c"})
    void whatIsNoYamlIsRefused(String content) throws IOException {
        var file = tokensFile(content);
        assertThatExceptionOfType(UnusableConfigFile.class).isThrownBy(() -> open(file));
    }

    @Test
    void theFirstStartMakesOneTokenForItsOwnersEyesAndTheNextTakesIt(CapturedOutput output) throws IOException {
        var file = temporary.resolve("made/api-token");
        var settings = new AccessProperties(null, file);

        var first = Tokens.open(settings, clock());
        var text = TokenFile.read(file);
        assertThat(text).startsWith(TokenText.PREFIX + "first_").hasSize(TokenText.PREFIX.length() + 49);
        assertThat(first.check(text))
                .isInstanceOfSatisfying(
                        Tokens.Verdict.Known.class,
                        known -> assertThat(known.token().scope()).isEqualTo(Scope.ADMIN));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(file.getParent())
                .isDirectoryContaining(entry -> entry.equals(file))
                .isDirectoryNotContaining("glob:**.tmp");

        assertThat(knows(Tokens.open(settings, clock()), text)).isTrue();
        assertThat(Written.out(output)).contains("made now, in " + file).doesNotContain(text);
    }

    @Test
    void theFirstTokenGoesOnBesideATokensFileUntilItsFileIsRemoved() throws IOException {
        var place = temporary.resolve("api-token");
        Tokens.open(new AccessProperties(null, place), clock());
        var first = TokenFile.read(place);
        var file = tokensFile("tokens:\n" + entry("grafana", "read", GRAFANA));
        settle(file);
        settle(place);
        var tokens = open(file);
        assertThat(tokens.check(first))
                .isInstanceOfSatisfying(
                        Tokens.Verdict.Known.class,
                        known -> assertThat(known.token().scope()).isEqualTo(Scope.ADMIN));
        assertThat(knows(tokens, GRAFANA)).isTrue();

        PrivateFile.write(file, "tokens:\n" + entry("local", "read", first));
        tokens.look();
        assertThat(tokens.check(first))
                .as("its entry wins")
                .isInstanceOfSatisfying(
                        Tokens.Verdict.Known.class,
                        known -> assertThat(known.token().scope()).isEqualTo(Scope.READ));

        PrivateFile.write(file, "tokens: []\n");
        Files.delete(place);
        tokens.look();
        assertThat(knows(tokens, first)).as("removed").isFalse();
        assertThat(place).doesNotExist();
    }

    @Test
    void aTokenThatAPersonWroteInItsPlaceIsLetInByTheTokensFileAlone() throws IOException {
        PrivateFile.write(temporary.resolve("api-token"), DEPLOY);
        var file = tokensFile("tokens:\n" + entry("deploy", "operate", DEPLOY));
        settle(file);
        var tokens = open(file);
        assertThat(tokens.check(DEPLOY))
                .isInstanceOfSatisfying(
                        Tokens.Verdict.Known.class,
                        known -> assertThat(known.token().scope()).isEqualTo(Scope.OPERATE));

        PrivateFile.write(file, "tokens: []\n");
        tokens.look();
        assertThat(knows(tokens, DEPLOY))
                .as("taken out of the file, and so revoked")
                .isFalse();
    }

    @Test
    void aFirstTokenThatOthersCanReadDoesNotCountAndThatIsLoggedOnce(CapturedOutput output) throws IOException {
        var first = TokenText.first();
        var place = PrivateFile.write(temporary.resolve("api-token"), first);
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rw-r--r--"));
        var tokens = open(tokensFile("tokens:\n" + entry("grafana", "read", GRAFANA)));
        tokens.look();
        tokens.look();
        assertThat(knows(tokens, first)).isFalse();
        assertThat(knows(tokens, GRAFANA)).isTrue();
        assertThat(tokens.problem()).isEmpty();
        assertThat(Written.out(output)
                        .toString()
                        .lines()
                        .filter(line -> line.contains("the first token is not accepted")))
                .hasSize(1);
        assertThat(Written.out(output))
                .contains("mode 0644", "chmod 600 " + place)
                .doesNotContain(first);
    }

    @Test
    void aPlaceThatCannotBeWrittenIsRefusedAndBothKeysAreNamed() throws IOException {
        var place = Files.writeString(temporary.resolve("file"), "").resolve("api-token");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> Tokens.open(new AccessProperties(null, place), clock()))
                .withMessageStartingWith("api.token_file = " + place + " cannot be written")
                .satisfies(e -> assertThat(e.fix()).contains("api.token_file", "api.tokens_file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "short", "two words that are long enough\n"})
    void aFileWithoutATokenIsNotTakenForOne(String content) throws IOException {
        var file = PrivateFile.write(temporary.resolve("api-token"), content);
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> TokenFile.read(file))
                .withMessageContaining("holds no token");
    }
}
