package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The block {@code offsite}, as it is read. */
class OffsiteSettingsTests {

    private static final String ONE = Scene.RECIPIENT;
    private static final String OTHER = "age1q6lamg2x868equy23h8u2f3sxlm6pnttpmkc7uqenmyc85k9tausu6th7m";
    /** Made for this test, of no use elsewhere. */
    private static final String IDENTITY = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

    private static final String TARGET = "offsite.filesystem.path";

    @TempDir
    private Path etc;

    private OffsiteProperties read(String... arguments) {
        return Settings.load(List.of(OffsiteProperties.class), arguments, Map.of(), etc)
                .bind(OffsiteProperties.class);
    }

    private ThrowableAssertAlternative<InvalidSetting> refused(String... arguments) {
        return assertThatExceptionOfType(InvalidSetting.class).isThrownBy(() -> read(arguments));
    }

    private OffsiteProperties inFile(String yaml) throws IOException {
        Files.writeString(etc.resolve("backup.yaml"), yaml);
        return read();
    }

    @Test
    void offByDefault() {
        assertThat(read().who()).isEmpty();
        assertThat(read().prefix()).isEqualTo("otherix-etcd-backup");
        assertThat(read().checkInterval()).hasHours(24);
    }

    @Test
    void recipientsAreAListOrHaveCommasBetweenThem() throws IOException {
        var both = new Recipients(List.of(ONE, OTHER));
        assertThat(read("--offsite.recipients=" + ONE + ", " + OTHER).who()).contains(both);
        assertThat(read("--offsite.recipients=" + ONE + "," + ONE).who())
                .as("each once")
                .contains(new Recipients(List.of(ONE)));
        assertThat(inFile("offsite: {recipients: \"" + ONE + ", " + OTHER + "\"}")
                        .who())
                .contains(both);
        assertThat(inFile("offsite:\n  recipients:\n    - " + ONE + "\n    - " + OTHER + "\n")
                        .who())
                .contains(both);
        assertThat(inFile("offsite: {recipients: []}").who()).isEmpty();
        refused("--offsite.recipients=" + ONE + ",,").withMessageContaining("has an empty entry");
    }

    @Test
    void theFileOfRecipientsHasCommentsAndBlankLines() throws IOException {
        var file =
                Files.writeString(etc.resolve("recipients.txt"), "# Anna\n" + ONE + "\n\n# safe\r\n" + OTHER + "\r\n");

        assertThat(read("--offsite.recipients_file=" + file).who()).contains(new Recipients(List.of(ONE, OTHER)));

        Files.writeString(file, "# nobody yet\n\n");
        refused("--offsite.recipients_file=" + file).withMessageContaining("holds no recipient");
        Files.writeString(file, "# Anna\n" + ONE + "x\n");
        refused("--offsite.recipients_file=" + file).withMessageContaining("no recipient of age in line 2");
        Files.writeString(file, "# identity\n" + IDENTITY + "\n");
        refused("--offsite.recipients_file=" + file)
                .withMessageContaining("private key of age")
                .withMessageNotContaining(IDENTITY);
        Files.delete(file);
        refused("--offsite.recipients_file=" + file).withMessageContaining("does not exist");
        refused("--offsite.recipients_file=" + file, "--offsite.recipients=" + ONE)
                .withMessageContaining("is set beside offsite.recipients");
    }

    @ParameterizedTest
    @ValueSource(strings = {"offsite.recipients", "offsite.cluster", "offsite.prefix", "offsite.recipients_file"})
    void aPrivateKeyIsRefusedWhereverItStandsAndIsNotRepeated(String key) throws IOException {
        for (var text : List.of(IDENTITY, ONE + "," + IDENTITY.toLowerCase(java.util.Locale.ROOT))) {
            refused("--" + key + "=" + text)
                    .withMessageContaining(key + " holds a private key of age")
                    .satisfies(refusal -> assertThat(refusal.getMessage() + refusal.fix() + refusal.value())
                            .doesNotContainIgnoringCase("1GFPYY"));
        }
        Files.writeString(etc.resolve("backup.yaml"), "offsite:\n  recipients:\n    - " + IDENTITY + "\n");
        refused().withMessageContaining("line 3").withMessageNotContaining(IDENTITY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "age1pq1fe5pk0g6lr8sr | post-quantum recipient",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ | a key of SSH",
                "age1yubikey1qgx8k3l | no recipient of age",
                "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q | no recipient of age",
                "Anna | no recipient of age"
            })
    void whatIsNoRecipientOfX25519IsRefusedWithTheReasonAndNotRepeated(String text, String reason) {
        refused("--offsite.recipients=" + text).withMessageContaining(reason).withMessageNotContaining(text);
    }

    @ParameterizedTest
    @CsvSource({
        "offsite.cluster, Prod, is not a name",
        "offsite.cluster, -prod, is not a name",
        "offsite.prefix, a//b, is not made of",
        "offsite.prefix, a/../b, is not made of",
        "offsite.prefix, ., is not made of",
        "offsite.prefix, a b, is not made of",
        "offsite.keep_uncopied, -1, is below zero",
        "offsite.rate_limit, 1KB, is below 10KB",
        "offsite.check_interval, 999ms, is below 1s",
        "offsite.check_interval, -1s, is below 1s",
        "offsite.encryption, gpg, is not one of",
        "offsite.include, etc/otherix/api.yaml, is not an absolute path",
        "offsite.include, ~/api.yaml, is not an absolute path",
        "offsite.include, /etc/../shadow, is not the path of a file",
        "offsite.include, /etc//shadow, is not the path of a file",
        "offsite.include, /etc/, is not the path of a file",
        "offsite.include, /, is not the path of a file",
        "offsite.include, '/a,/b,/a', names this file twice",
    })
    void aValueThatBreaksARuleIsRefused(String key, String value, String problem) {
        refused("--" + key + "=" + value)
                .withMessageContaining(problem)
                .satisfies(refusal -> assertThat(refusal.fix()).isNotBlank());
    }

    @Test
    void includedFilesNeedEncryptionAndAreNotTooMany() throws IOException {
        assertThat(inFile("offsite: {include: [/etc/otherix/api.yaml, /etc/otherix/api.env]}")
                        .includedFiles())
                .containsExactly(Path.of("/etc/otherix/api.yaml"), Path.of("/etc/otherix/api.env"));
        refused("--offsite.encryption=none")
                .withMessageStartingWith("offsite.include = /etc/otherix/api.yaml,/etc/otherix/api.env is set, but"
                        + " offsite.encryption is none")
                .satisfies(refusal -> assertThat(refusal.fix()).contains("Remove offsite.include", "recipients"));
        var many = IntStream.range(0, 101).mapToObj(i -> "/file-" + i).collect(Collectors.joining(","));
        refused("--offsite.include=" + many).withMessageContaining("names more than 100 files");
    }

    @Test
    void slashesAroundThePrefixAreDroppedAndItMayBeEmpty() {
        assertThat(read("--offsite.prefix=/a/b.c//").prefix()).isEqualTo("a/b.c");
        assertThat(read("--offsite.prefix=").prefix()).isEmpty();
        assertThat(read("--offsite.prefix=/").prefix()).isEmpty();
        assertThat(read("--offsite.check_interval=0").checkInterval()).isZero();
    }

    @Test
    void withATargetRecipientsAreNeededUnlessEncryptionIsOffInWords() {
        var dir = Path.of("/var/backups");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> read().requireFor(TARGET, dir))
                .withMessageStartingWith("offsite.recipients is not set, but " + TARGET + " is")
                .satisfies(refusal -> assertThat(refusal.fix()).contains("age-keygen", "offsite.encryption"));
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> read("--offsite.recipients=" + ONE).requireFor(TARGET, null))
                .withMessageStartingWith(TARGET + " is set without workers.backup.dir")
                .satisfies(refusal -> assertThat(refusal.fix()).contains("workers.backup.dir"));
        read("--offsite.recipients=" + ONE).requireFor(TARGET, dir);
        read("--offsite.encryption=none").requireFor(TARGET, dir);
        refused("--offsite.encryption=none", "--offsite.recipients=" + ONE)
                .withMessageContaining("contradicts offsite.recipients");
    }

    private CopyRetentionProperties retention(String... arguments) {
        return Settings.load(List.of(CopyRetentionProperties.class), arguments, Map.of(), etc)
                .bind(CopyRetentionProperties.class);
    }

    @Test
    void copiesAreKeptForAYearByDefault() {
        assertThat(retention().rules(Duration.ofHours(6)))
                .contains(new CopyRetention(7, Duration.ZERO, 0, 7, 5, 12, Duration.ofHours(6)));
        assertThat(retention("--offsite.retention.within=720h", "--offsite.retention.hourly=24")
                        .rules(Duration.ofMinutes(10)))
                .contains(new CopyRetention(7, Duration.ofDays(30), 24, 7, 5, 12, Duration.ofHours(1)));
    }

    @Test
    void removalCanBeLeftToTheStore() {
        var left = retention("--offsite.retention.prune=false", "--offsite.retention.expires_after=2160h");

        assertThat(left.rules(Duration.ofHours(6))).isEmpty();
        assertThat(left.expiresAfter()).hasDays(90);
        assertThat(retention("--offsite.retention.prune=false").expiresAfter()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "last=-1 | offsite.retention.last = -1 is below zero",
                "monthly=-1 | offsite.retention.monthly = -1 is below zero",
                "within=-1h | offsite.retention.within = -1h is below zero",
                "expires_after=24h | offsite.retention.prune is true",
                "prune=false --offsite.retention.expires_after=0 | is not above zero",
                "last=0 --offsite.retention.daily=0 --offsite.retention.weekly=0 --offsite.retention.monthly=0 |"
                        + " would remove all copies but the newest",
            })
    void rulesThatCannotBeMeantAreRefused(String arguments, String message) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> retention(("--offsite.retention." + arguments).split(" ")))
                .withMessageContaining(message);
    }
}
