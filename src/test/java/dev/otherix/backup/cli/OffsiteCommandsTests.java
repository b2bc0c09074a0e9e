package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.AgeKey;
import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.HostileArchives;
import dev.otherix.backup.offsite.LyingStore;
import dev.otherix.backup.offsite.StoredSample;
import dev.otherix.backup.offsite.store.StoreFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say about the copies in a store, and copies as a source of other commands. */
class OffsiteCommandsTests {

    private static final AgeKey KEY = AgeKey.generate();
    private static final String NAME = "otherix-20260606T031500Z.db";
    private static final String FOLDER = "ca-0123456789abcdef/8e9e05c52164694d/";

    private final LyingStore store = new LyingStore();
    private final OffsiteScreen screen = new OffsiteScreen(store);
    private Path dir = Path.of("");
    private Path snapshot = Path.of("");
    private String identity = "";

    @BeforeEach
    void makeFiles(@TempDir Path temporary) throws IOException {
        dir = temporary;
        snapshot = WrittenPast.small().write(temporary.resolve("snapshot"));
        identity = KEY.write(temporary.resolve("identity.txt")).toString();
    }

    private StoredSample sample(String stamp) {
        return new StoredSample(snapshot, stamp).forKeys(KEY);
    }

    private StoredSample put(String stamp) {
        var sample = sample(stamp);
        sample.putInto(store);
        return sample;
    }

    @Test
    void theListHasEachCopyWithItsStateAndItsRecipients() {
        put("20260606T031500Z");
        store.remove(put("20260606T041500Z").objectKey());
        sample("20260606T051500Z").changingTheObject(bytes -> new byte[3]).putInto(store);
        new StoredSample(snapshot, "20260606T061500Z").putInto(store);
        store.put("otherix-etcd-backup/notes.txt", new byte[1], false);
        store.put(put("20260606T071500Z").recordKey(), "{\u001b[2J".getBytes(StandardCharsets.US_ASCII), false);

        var list = screen.run("offsite", "list");

        assertThat(list.err()).isEmpty();
        assertThat(list.exitCode()).isZero();
        assertThat(list.out())
                .contains("cluster ca-0123456789abcdef, member 8e9e05c52164694d")
                .containsPattern("otherix-20260606T031500Z.db .* copied +[0-9a-f]{8}\n")
                .containsPattern("otherix-20260606T041500Z.db .* missing ")
                .containsPattern("otherix-20260606T051500Z.db .* changed ")
                .containsPattern("otherix-20260606T061500Z.db .* copied +not encrypted")
                .containsPattern("otherix-20260606T071500Z.db .* unknown ")
                .contains("20260606T071500Z.json cannot be used: it is no record of a copy")
                .doesNotContain("\u001b", "notes.txt");
        var json = screen.run("offsite", "list", "-o", "json").json();
        assertThat(json.at("/targets/0/target").asString()).isEqualTo("s3");
        assertThat(json.at("/targets/0/copies").size()).isEqualTo(5);
        assertThat(json.at("/targets/0/copies/4/object/key").asString())
                .isEqualTo("otherix-etcd-backup/" + FOLDER + NAME + ".gz.age");
        assertThat(json.at("/targets/0/copies/0/state").asString()).isEqualTo("unknown");
    }

    @Test
    void filesBesideACopyAreListedAndTheCardFetchesThem() {
        put("20260606T031500Z");
        sample("20260606T031500Z").putFiles(store, HostileArchives.of("etc/otherix/api.yaml", "a", Instant.EPOCH));
        put("20260605T031500Z");

        var list = screen.run("offsite", "list");
        assertThat(list.out())
                .containsPattern("FILES +STATE")
                .containsPattern("otherix-20260606T031500Z.db .* - +[0-9]+ B +copied")
                .containsPattern("otherix-20260605T031500Z.db .* - +- +copied");
        var json = screen.run("offsite", "list", "-o", "json").json();
        assertThat(json.at("/targets/0/copies/0/files/key").asString())
                .isEqualTo("otherix-etcd-backup/" + FOLDER + "otherix-20260606T031500Z.files.tar.gz.age");
        assertThat(json.at("/targets/0/copies/0/files/size_bytes").asLong()).isPositive();
        assertThat(json.at("/targets/0/copies/1/files").isNull()).isTrue();
        assertThat(json.at("/targets/0/copies/0/object/lock/mode").asString()).isEqualTo("compliance");
        assertThat(json.at("/targets/0/copies/0/object/lock/until").asString()).isEqualTo("2026-07-06T04:00:00Z");

        var card = screen.run("offsite", "card", "--cluster", "ca-0123456789abcdef")
                .out();
        assertThat(card)
                .contains("--identity \"$IDENTITY\" --out /root --files /root/otherix-files)")
                .doesNotContain("they are in no copy");
    }

    @Test
    void anEmptyListIsAFailure() {
        var list = screen.run("offsite", "list", "--cluster", "other");
        assertThat(list.out()).contains("no copies in s3://a-bucket");
        assertThat(list.exitCode()).isOne();
    }

    @Test
    void withoutATargetItIsSaidWhatToGive() {
        var list = OfflineScene.run("offsite", "list");
        assertThat(list.err()).contains("no off-site target is configured", "Give --from s3://BUCKET");
        assertThat(list.exitCode()).isEqualTo(2);
    }

    @Test
    void aCheckReadsTheNewestAndOneOlderAndWithAnIdentityOpensThem() {
        put("20260606T031500Z");
        put("20260606T041500Z");
        put("20260606T051500Z");

        var read = screen.run("offsite", "check");
        assertThat(read.out())
                .contains(FOLDER + "otherix-20260606T051500Z.db  good", "To see whether they open, add --identity FILE")
                .doesNotContain("canary");
        assertThat(read.out().lines().filter(line -> line.endsWith("good"))).hasSize(2);
        assertThat(read.exitCode()).isZero();

        var opened = screen.run("offsite", "check", "all", "--identity", identity);
        assertThat(opened.out()).contains(FOLDER + "canary-", NAME + "  good", "All of them open with this identity");
        assertThat(opened.out().lines().filter(line -> line.endsWith("good"))).hasSize(4);
        assertThat(opened.exitCode()).isZero();
    }

    @Test
    void aCheckNamesWhatIsMissingChangedOrDoesNotOpen() {
        store.remove(put("20260606T031500Z").objectKey());
        sample("20260606T041500Z")
                .changingTheObject(bytes -> {
                    bytes[200] ^= 1;
                    return bytes;
                })
                .putInto(store);
        new StoredSample(snapshot, "20260606T051500Z")
                .forKeys(AgeKey.generate())
                .putInto(store);
        put("20260606T061500Z");

        var check = screen.run("offsite", "check", "all", "--identity", identity);

        assertThat(check.out())
                .containsPattern("T031500Z.db  missing: ")
                .containsPattern("T041500Z.db  changed: .* its SHA-256 is ")
                .containsPattern("T051500Z.db  closed: .* none of the identities opens it")
                .containsPattern("canary-[0-9a-f]{16}.age  closed: ")
                .contains("T061500Z.db  good")
                .doesNotContain(KEY.identity());
        assertThat(check.exitCode()).isOne();
        var json = screen.run("offsite", "check", "otherix-20260606T041500Z.db", "-o", "json");
        assertThat(json.json().at("/targets/0/checked/0/outcome").asString()).isEqualTo("changed");
        assertThat(json.exitCode()).isOne();
    }

    @Test
    void whatCannotBeReadIsNoFinding() {
        var sample = put("20260606T031500Z");
        store.fail(sample.objectKey(), new StoreFailure(StoreFailure.Code.UNAVAILABLE, "no answer. Try later", null));
        var check = screen.run("offsite", "check");
        assertThat(check.out()).contains("unread: no answer. Try later");
        assertThat(check.exitCode()).isEqualTo(2);
        assertThat(screen.run("offsite", "check", "otherix-20300101T000000Z.db").exitCode())
                .isOne();
    }

    @Test
    void theCardHasNoSecretAndTheLineToCheckTheIdentity() {
        put("20260606T031500Z");
        sample("20260606T041500Z")
                .in(new Folder("otherix-etcd-backup", "ca-0123456789abcdef", "1f"))
                .putInto(store);

        var card = screen.run("offsite", "card");

        assertThat(card.err()).isEmpty();
        assertThat(card.out())
                .contains(
                        "copies      s3://a-bucket, prefix otherix-etcd-backup",
                        "members     1f, 8e9e05c52164694d",
                        "offsite check --from s3://a-bucket --cluster ca-0123456789abcdef",
                        "offsite fetch latest --from s3://a-bucket --cluster ca-0123456789abcdef",
                        "--identity \"$IDENTITY\" --out /root)",
                        "otherix-etcd-backup restore \"$SNAPSHOT\"")
                .doesNotContain(KEY.identity());
        assertThat(card.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(130));
        assertThat(card.exitCode()).isZero();
    }

    @Test
    void aCopyIsASourceOfOtherCommandsAndNothingOfItIsLeft() throws IOException {
        put("20260606T031500Z");
        var before = aside();
        var value = screen.run("get", "offsite:latest", "/otherix/users/ann", "--identity", identity);
        assertThat(value.err()).contains("which is the only proven snapshot");
        assertThat(new String(value.bytes(), StandardCharsets.UTF_8)).isEqualTo("ann 2");
        var history = screen.typing(KEY.identity(), "history", "offsite:" + NAME, "--prefix", "", "--identity", "-");
        assertThat(history.exitCode()).isZero();
        assertThat(history.out()).contains("/otherix/users/bob");
        assertThat(aside()).isEqualTo(before);
    }

    private static long aside() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(".otherix-offsite-"))
                    .count();
        }
    }

    @Test
    void optionsOfACopyMeanNothingForAFile() {
        var get = screen.run("get", snapshot.toString(), "/otherix/users/ann", "--identity", identity);
        assertThat(get.err()).contains("the options for off-site copies mean nothing for a file");
        assertThat(get.exitCode()).isEqualTo(2);
        var diff = screen.run("diff", "offsite:latest", "--from", "11");
        assertThat(diff.err()).contains("offsite fetch latest");
        assertThat(diff.exitCode()).isEqualTo(2);
    }

    @Test
    void aRestoreFromACopyLeavesTheDirectoryAlone() throws IOException {
        put("20260606T031500Z");
        var data = dir.resolve("new/etcd");
        var args = new String[] {
            "restore",
            "offsite:latest",
            "--identity",
            identity,
            "--data-dir",
            data.toString(),
            "--name",
            "n",
            "--peer-url",
            "http://127.0.0.1:1"
        };
        var run = screen.run(args);
        assertThat(run.err()).doesNotContain(KEY.identity());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("snapshot  offsite:" + NAME);
        try (var left = Files.list(dir)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("snapshot", "identity.txt", "new");
        }
        assertThat(screen.run(args).exitCode()).as("it is there").isOne();
    }

    @Test
    void aDrillOfACopyLeavesNothing() throws IOException {
        put("20260606T031500Z");
        var scratch = Files.createDirectory(dir.resolve("scratch"));
        var run = screen.run("drill", "offsite:latest", "--identity", identity, "--scratch", scratch.toString());
        assertThat(run.err()).doesNotContain(KEY.identity());
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("passed    offsite:latest, in ");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aPlanFromACopyHasTheCommandThatFetchesItOnTheHost() {
        put("20260606T031500Z");
        var plan = screen.run(
                "restore",
                "plan",
                "offsite:latest",
                "--identity",
                identity,
                "--host",
                "otherix-0=https://127.0.0.1:2380",
                "--member",
                "8e9e05c52164694d");
        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out())
                .contains(
                        "Restore offsite:" + NAME,
                        "otherix-etcd-backup offsite fetch " + NAME
                                + " --out /root --member 8e9e05c52164694d --identity ",
                        "otherix-etcd-backup restore /root/" + NAME)
                .doesNotContain(".otherix-offsite-");
    }
}
