package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.AgeKey;
import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.HostileArchives;
import dev.otherix.backup.offsite.LyingStore;
import dev.otherix.backup.offsite.StoredSample;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies of other members and clusters, which no service here knows. */
class OffsiteDeleteCommandTests {

    private static final AgeKey KEY = AgeKey.generate();
    private static final String CLUSTER = "ca-0123456789abcdef";
    private static final Folder DEAD = new Folder("otherix-etcd-backup", CLUSTER, "dead");
    private static final Folder ALIVE = new Folder("otherix-etcd-backup", CLUSTER, "a11e");

    private final LyingStore store = new LyingStore();
    private final OffsiteScreen screen = new OffsiteScreen(store);
    private Path snapshot = Path.of("");

    @BeforeEach
    void putCopies(@TempDir Path temporary) throws IOException {
        snapshot = WrittenPast.small().write(temporary.resolve("snapshot"));
        put(DEAD, "20260601T031500Z");
        put(DEAD, "20260602T031500Z");
        put(ALIVE, "20260603T031500Z");
    }

    private void put(Folder folder, String stamp) {
        var sample = new StoredSample(snapshot, stamp).in(folder).forKeys(KEY);
        sample.putInto(store);
        sample.putFiles(store, HostileArchives.of("etc/api.yaml", "x", Instant.EPOCH));
    }

    private OfflineScene delete(String... args) {
        return screen.run(
                Stream.concat(Stream.of("offsite", "delete"), Stream.of(args)).toArray(String[]::new));
    }

    private long objects() {
        var count = new long[1];
        store.list("", object -> count[0] += object.key().contains("canary") ? 0 : 1);
        return count[0];
    }

    private static String name(String stamp) {
        return "otherix-" + stamp + ".db";
    }

    @Test
    void theCopiesOfADeadMemberGoWithTheirFilesAndEachIsNamed() {
        var run = delete("--all", "--cluster", CLUSTER, "--member", "dead", "--yes");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "  goes  " + CLUSTER + "/dead/" + name("20260602T031500Z"),
                        "removed      " + CLUSTER + "/dead/" + name("20260602T031500Z"),
                        "removed      " + CLUSTER + "/dead/" + name("20260601T031500Z"))
                .doesNotContain("a11e");
        assertThat(objects()).isEqualTo(3);
    }

    @Test
    void theNewestProvenCopyOfTheClusterStaysUnlessItIsIncluded() {
        var named = delete(name("20260603T031500Z"), "--member", "a11e", "--yes");
        assertThat(named.exitCode()).isOne();
        assertThat(named.out())
                .contains("stays " + CLUSTER + "/a11e/", "it is the newest proven copy", "--include-last");
        assertThat(objects()).isEqualTo(9);

        var all = delete("--all", "--cluster", CLUSTER, "--older-than", "0s", "--yes");
        assertThat(all.exitCode())
                .as("what stays by a rule is no failure of all")
                .isZero();
        assertThat(objects()).isEqualTo(3);

        assertThat(delete("--all", "--cluster", CLUSTER, "--older-than", "0", "--include-last", "--yes")
                        .exitCode())
                .isZero();
        assertThat(objects()).isZero();
    }

    @Test
    void aPinnedCopyStaysUnlessItIsIncluded() {
        new StoredSample(snapshot, "20260601T031500Z")
                .in(DEAD)
                .forKeys(KEY)
                .changingTheRecord(StoredSample::pinned)
                .putInto(store);
        var run = delete("--all", "--cluster", CLUSTER, "--member", "dead", "--yes");
        assertThat(run.out()).containsPattern("stays .*20260601T031500Z.db .* it is pinned");
        assertThat(run.exitCode()).isZero();
        assertThat(objects()).isEqualTo(6);
    }

    @Test
    void aDryRunAsksNothingAndChangesNothing() {
        var run = delete("--all", "--cluster", CLUSTER, "--member", "dead", "--dry-run");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("goes  " + CLUSTER + "/dead/", "Nothing was changed: this was a dry run.");
        assertThat(run.exitCode()).isZero();
        assertThat(objects()).isEqualTo(9);
    }

    @Test
    void withoutATerminalAndWithoutYesNothingGoes() {
        var run = delete("--all", "--cluster", CLUSTER, "--member", "dead");
        assertThat(run.err()).contains("nobody can be asked: standard input is no terminal", "add --yes");
        assertThat(run.out()).contains("goes  ");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(objects()).isEqualTo(9);
    }

    @Test
    void onATerminalTheNameOfTheClusterHasToBeTyped() {
        var err = new StringWriter();
        var typed = question("prod\n", err);
        typed.require(Set.of("prod"), 2);
        assertThat(err.toString()).contains("To remove these 2 copies for good, type the name of the cluster, prod: ");
        for (var other : List.of("", "\n", "prod2\n", "y\n")) {
            Assertions.assertThatExceptionOfType(CommandFailure.class)
                    .isThrownBy(() -> question(other, err).require(Set.of("prod"), 1))
                    .withMessageContaining("Nothing was removed");
        }
        Assertions.assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> question("prod\n", err).require(Set.of("prod", "test"), 2))
                .withMessageContaining("copies of 2 clusters would go");
    }

    private static Confirmation question(String input, StringWriter err) {
        return new Confirmation(
                () -> true,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.US_ASCII)),
                new PrintWriter(err, true));
    }

    @Test
    void onlyThoseThatAreOldEnoughGo() {
        var age = java.time.Duration.between(Instant.parse("2026-06-02T00:00:00Z"), Instant.now())
                        .toHours() + "h";
        var run = delete("--all", "--cluster", CLUSTER, "--older-than", age, "--yes");
        assertThat(run.out()).contains("20260601T031500Z").doesNotContain("20260602T031500Z", "20260603T031500Z");
        assertThat(run.exitCode()).isZero();
        assertThat(objects()).isEqualTo(6);
    }

    @Test
    void whatIsNotThereIsSaidAndNothingElseGoes() {
        var run = delete(name("20260601T031500Z"), name("20300101T000000Z"), "--member", "dead", "--yes");
        assertThat(run.err()).contains(name("20300101T000000Z") + " is not in s3://a-bucket");
        assertThat(run.exitCode()).isOne();
        assertThat(objects()).isEqualTo(9);
    }

    private void cutOff(Folder folder, String stamp) {
        store.remove(folder.record(SnapshotName.parse(name(stamp)).orElseThrow()));
    }

    @Test
    void whatARemovalThatWasCutOffLeftGoesWithAllAndIsShown() {
        cutOff(DEAD, "20260601T031500Z");
        var run = delete("--all", "--cluster", CLUSTER, "--member", "dead", "--yes");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("goes  .*dead/" + name("20260601T031500Z") + " .* a rest without a record")
                .contains("removed      " + CLUSTER + "/dead/" + name("20260601T031500Z"));
        assertThat(objects()).isEqualTo(3);
    }

    @Test
    void whatIsLeftOfAClusterWithoutAnyCopyGoes() {
        cutOff(DEAD, "20260601T031500Z");
        cutOff(DEAD, "20260602T031500Z");
        cutOff(ALIVE, "20260603T031500Z");
        var run = delete("--all", "--cluster", CLUSTER, "--older-than", "1h", "--yes");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(objects()).isZero();
    }

    @Test
    void aRestThatMayBeAnUploadStaysUnlessItIsNamed() {
        cutOff(DEAD, "20260601T031500Z");
        store.modifiedAt(Instant.now().minus(java.time.Duration.ofHours(23)));
        var all = delete("--all", "--cluster", CLUSTER, "--member", "dead", "--yes");
        assertThat(all.out())
                .containsPattern("stays .*" + name("20260601T031500Z") + " .* younger than a day")
                .doesNotContain("--include-last");
        assertThat(all.exitCode()).isZero();
        assertThat(objects()).isEqualTo(5);

        var named = delete(name("20260601T031500Z"), "--member", "dead", "--yes");
        assertThat(named.exitCode()).as(named.err()).isZero();
        assertThat(objects()).isEqualTo(3);
    }

    @Test
    void ifNoneIsOldEnoughThatIsNoFailure() {
        for (var how : List.of("--dry-run", "--yes")) {
            var run = delete("--all", "--cluster", CLUSTER, "--older-than", "999999h", how);
            assertThat(run.out()).contains("No copy is older than 999999h");
            assertThat(run.exitCode()).isZero();
        }
        assertThat(objects()).isEqualTo(9);
    }

    @Test
    void aClusterThatIsUnknownIsNamedWithThoseThatAreThere() {
        var run = delete("--all", "--cluster", "ca-typo", "--older-than", "1h", "--yes");
        assertThat(run.err()).contains("the cluster ca-typo is unknown in s3://a-bucket", "copies of " + CLUSTER);
        assertThat(run.exitCode()).isOne();
        assertThat(objects()).isEqualTo(9);
    }

    @Test
    void oneThatIsDatedInTheFutureDoesNotTakeThePlaceOfTheNewest() {
        put(DEAD, "20990101T000000Z");
        var run = delete("--all", "--cluster", CLUSTER, "--older-than", "0", "--yes");
        assertThat(run.out()).containsPattern("stays .*" + name("20260603T031500Z") + " .* newest proven copy");
        assertThat(objects()).isEqualTo(6);
    }

    @Test
    void severalNamesGoTogether() {
        var run = delete(name("20260601T031500Z"), name("20260602T031500Z"), "--member", "dead", "--yes");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(objects()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --yes | no copy is named
            --all --yes | --all needs --cluster, and one of --member and --older-than
            --all --cluster c --yes | --all needs --cluster, and one of --member and --older-than
            --all --member dead --yes | --all needs --cluster, and one of --member and --older-than
            --all otherix-20260601T031500Z.db | a NAME and --all contradict each other
            notes.txt --member dead | notes.txt' is not the name of a snapshot
            otherix-20260601T031500Z.db --yes | it is not known which member this host has
            otherix-20260601T031500Z.db --from s3://b | with --from it is not known which member this host has
            --all --cluster c --older-than -1h | is below zero
            """)
    void whatIsNotClearEnoughIsBadUsage(String args, String said) {
        var run = delete(args.split(" "));
        assertThat(run.err()).contains(said);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(objects()).isEqualTo(9);
    }
}
