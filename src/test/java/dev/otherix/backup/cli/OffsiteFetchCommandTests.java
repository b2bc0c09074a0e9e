package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.AgeKey;
import dev.otherix.backup.offsite.Folder;
import dev.otherix.backup.offsite.LyingStore;
import dev.otherix.backup.offsite.StoredSample;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.DirectoryListing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back from a store, and what does not. */
class OffsiteFetchCommandTests {

    private static final AgeKey KEY = AgeKey.generate();
    private static final String STAMP = "20260606T031500Z";
    private static final String NAME = "otherix-" + STAMP + ".db";

    private final LyingStore store = new LyingStore();
    private Path dir = Path.of("");
    private Path out = Path.of("");
    private Path snapshot = Path.of("");
    private Path identity = Path.of("");

    @BeforeEach
    void makeFiles(@TempDir Path temporary) throws IOException {
        dir = temporary;
        out = Files.createDirectory(temporary.resolve("out"));
        snapshot = WrittenPast.small().write(temporary.resolve("snapshot"));
        identity = KEY.write(temporary.resolve("identity.txt"));
    }

    private OfflineScene fetch(String... args) {
        return run("", args);
    }

    private OfflineScene run(String input, String... args) {
        var all = new ArrayList<>(List.of("offsite", "fetch"));
        all.addAll(Arrays.asList(args));
        all.addAll(List.of("--out", out.toString()));
        return new OffsiteScreen(store).typing(input, all.toArray(String[]::new));
    }

    private StoredSample sample() {
        return new StoredSample(snapshot, STAMP).forKeys(KEY);
    }

    private void refused(OfflineScene run, int exitCode, String... said) {
        assertThat(run.err()).contains(said).doesNotContain(KEY.identity());
        assertThat(run.out()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(out).isEmptyDirectory();
    }

    @Test
    void theSnapshotComesBackWithItsRecordAndItsPathAloneIsPrinted() throws IOException {
        sample().putInto(store);

        var run = fetch(NAME, "--identity", identity.toString());

        var file = out.resolve(NAME);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(file + System.lineSeparator());
        assertThat(run.exitCode()).isZero();
        assertThat(file).hasSameBinaryContentAs(snapshot);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var record = DirectoryListing.recordOf(file).orElseThrow();
        assertThat(record.verified()).isTrue();
        assertThat(record.clusterId()).isEqualTo("cdf818194e3a8c32");
        assertThat(record.trigger()).isNull();
        assertThat(record.content().complete()).isTrue();
        try (var files = Files.list(out)) {
            assertThat(files.map(found -> found.getFileName().toString()))
                    .containsExactlyInAnyOrder(NAME, NAME.replace(".db", ".json"));
        }
    }

    @Test
    void anIdentityMayComeFromStandardInput() {
        sample().putInto(store);
        assertThat(run(KEY.identity() + "\n", "latest", "--identity", "-").exitCode())
                .isZero();
    }

    @Test
    void withTheWrongIdentityNothingIsLeft() {
        sample().putInto(store);
        refused(
                fetch(
                        NAME,
                        "--identity",
                        AgeKey.generate().write(dir.resolve("other")).toString()),
                1,
                NAME + " does not open: none of the identities opens it");
    }

    @Test
    void withoutAnIdentityItIsSaidWhoseCopyItIs() {
        sample().putInto(store);
        refused(fetch(NAME), 1, "no identity was given. It is for the recipients ", "--identity FILE");
    }

    /** What a person with another kind of file is told; nothing of the file is repeated. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            age-encryption.org/v1 | is encrypted with a passphrase
            AGE-PLUGIN-YUBIKEY-1QQQQ | has an identity of another kind
            -----BEGIN OPENSSH PRIVATE KEY----- | has a line that is no identity
            '# only a comment' | has no identity
            AGE-SECRET-KEY-1QQQQ | has a damaged identity
            """)
    void aFileOfAnotherKindIsRefused(String content, String problem) throws IOException {
        sample().putInto(store);
        var file = Files.writeString(dir.resolve("other"), content + "\n");
        var run = fetch(NAME, "--identity", file.toString());
        refused(run, 2, "--identity: " + file + " " + problem);
        assertThat(run.err()).doesNotContain("QQQQ", "OPENSSH");
        assertThat(store.readers()).isZero();
    }

    @Test
    void anotherIdentityInTheSameFileDoesNoHarm() throws IOException {
        sample().putInto(store);
        var both = Files.writeString(
                dir.resolve("both"), AgeKey.generate().identity() + "\n\n# mine\n" + KEY.identity() + "\n");
        assertThat(fetch(NAME, "--identity", both.toString()).exitCode()).isZero();
    }

    @Test
    void whatIsNotEncryptedNeedsNoIdentity() {
        new StoredSample(snapshot, STAMP).putInto(store);
        assertThat(fetch(NAME).exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 600})
    void aChangedObjectIsNamedWhereverTheChangeIs(int at) {
        sample().changingTheObject(bytes -> {
                    var changed = bytes.clone();
                    changed[at] ^= 1;
                    return changed;
                })
                .putInto(store);
        refused(fetch(NAME, "--identity", identity.toString()), 1, ".db.gz.age was changed: its SHA-256 is ");
    }

    @Test
    void aTruncatedObjectIsNamedBeforeItIsRead() {
        var sample = sample().changingTheObject(bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        sample.putInto(store);
        refused(fetch(NAME, "--identity", identity.toString()), 1, " was changed: it has ");
    }

    /** Whoever can write there can make a record that fits. */
    @Test
    void aTruncatedFileOfAgeIsRefusedThoughItsRecordSaysItsHash() {
        sample().sealing(bytes -> Arrays.copyOf(bytes, bytes.length - 20)).putInto(store);
        refused(
                fetch(NAME, "--identity", identity.toString()),
                1,
                NAME + " is not what its record says: it is damaged");
    }

    @Test
    void aGzipBombEndsAtTheRecordedSize() {
        sample().packing(_ -> new byte[50 << 20]).putInto(store);
        refused(
                fetch(NAME, "--identity", identity.toString()),
                1,
                "it unpacks to more than the " + size() + " bytes that its record says");
    }

    private long size() {
        try {
            return Files.size(snapshot);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    void anEndlessObjectIsReadNoFurtherThanItsRecordSays() {
        var sample = sample();
        sample.putInto(store);
        var sent = new AtomicLong();
        store.lie(sample.objectKey(), () -> new InputStream() {
            @Override
            public int read() {
                sent.incrementAndGet();
                return 'a';
            }
        });
        refused(fetch(NAME, "--identity", identity.toString()), 1, "was changed");
        assertThat(sent).hasValueLessThan(1 << 20);
    }

    @Test
    void anEndlessRecordIsNone() {
        var sample = sample();
        sample.putInto(store);
        store.lie(sample.recordKey(), () -> new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        });
        refused(fetch(NAME, "--identity", identity.toString()), 1, "cannot be used: it is longer than any record");
    }

    @Test
    void aRecordedSizeThatNoDiskHasIsRefusedBeforeAnythingIsRead() {
        sample().changingTheRecord(record -> StoredSample.sized(record, Long.MAX_VALUE))
                .putInto(store);
        refused(fetch(NAME, "--identity", identity.toString()), 1, "not enough space in " + out);
    }

    @Test
    void anotherSnapshotUnderItsNameIsRefused() throws IOException {
        var other =
                WrittenPast.small().next().put("/otherix/users/eve", "planted").write(dir.resolve("planted"));
        var bytes = Files.readAllBytes(other);
        sample().packing(_ -> bytes)
                .changingTheRecord(record -> StoredSample.sized(record, bytes.length))
                .putInto(store);
        refused(fetch(NAME, "--identity", identity.toString()), 1, "it unpacks to SHA-256 ");
    }

    /** The whole copy is planted, and its record fits but for one fact. */
    @Test
    void aRecordThatDoesNotSayWhatIsInTheFileIsRefused() {
        sample().changingTheRecord(record -> StoredSample.keyed(record, 99)).putInto(store);
        refused(
                fetch(NAME, "--identity", identity.toString()),
                1,
                "got no name: its number of live keys is 5, and its record says 99");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "otherix-etcd-backup/../../etc/otherix-20260606T031500Z.json",
                "otherix-etcd-backup/ca-0/8e/x/otherix-20260606T031500Z.json",
                "otherix-etcd-backup/CA-0/8e/otherix-20260606T031500Z.json",
                "otherix-etcd-backup/ca-0/8e/otherix-20260606T031500Z.db.json",
                "otherix-etcd-backup/ca-0/8e/../otherix-20260606T031500Z.json",
                "other/ca-0/8e/otherix-20260606T031500Z.json"
            })
    void aKeyOfAnotherPatternIsNoCopy(String key) {
        store.put(key, "{}".getBytes(StandardCharsets.US_ASCII), false);
        refused(fetch(NAME), 1, NAME + " is not in s3://a-bucket");
    }

    @Test
    void aRecordOfAnotherCopyIsNotUsed() {
        var sample = sample();
        sample.putInto(store);
        var other = new StoredSample(snapshot, "20260606T041500Z").forKeys(KEY);
        other.putInto(store);
        store.put(sample.recordKey(), store.stored(other.recordKey()), false);
        refused(
                fetch(NAME, "--identity", identity.toString()),
                1,
                "cannot be used: it is of otherix-20260606T041500Z.db");
    }

    @Test
    void aNameThatSeveralMembersHaveNeedsAMember() {
        sample().putInto(store);
        var second = new Folder("otherix-etcd-backup", "ca-0123456789abcdef", "1f");
        sample().in(second).putInto(store);
        refused(
                fetch(NAME, "--identity", identity.toString()),
                1,
                "which one? s3://a-bucket has " + NAME + " 2 times:",
                "  ca-0123456789abcdef/1f/" + NAME,
                "Add --member ID");
        assertThat(fetch(NAME, "--identity", identity.toString(), "--member", "1f")
                        .exitCode())
                .isZero();
    }

    @Test
    void nothingThatIsThereIsOverwritten() throws IOException {
        sample().putInto(store);
        var file = Files.writeString(out.resolve(NAME), "mine");
        var run = fetch(NAME, "--identity", identity.toString());
        assertThat(run.err()).contains(file + " already exists and is not replaced");
        assertThat(run.exitCode()).isOne();
        assertThat(file).hasContent("mine");
        assertThat(out).isDirectoryContaining(found -> found.equals(file)).isNotEmptyDirectory();
    }

    @Test
    void anotherCaThanTheOneNamedIsRefused() {
        sample().putInto(store);
        refused(
                fetch(NAME, "--identity", identity.toString(), "--ca-fingerprint", "sha256:" + "ab".repeat(32)),
                1,
                NAME + " has no cluster CA, not sha256:abab");
    }

    @Test
    void latestIsTheHighestRevisionAndTheOthersAreNamed() throws IOException {
        var later =
                WrittenPast.small().next().put("/otherix/users/eve", "eve 1").write(dir.resolve("later"));
        sample().putInto(store);
        new StoredSample(later, "20260606T034500Z").forKeys(KEY).putInto(store);
        var gone = new StoredSample(later, "20260606T035000Z").forKeys(KEY);
        gone.putInto(store);
        store.remove(gone.objectKey());

        var run = fetch("latest", "--identity", identity.toString());

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("otherix-20260606T034500Z.db");
        assertThat(run.err())
                .contains(
                        "passed over: ca-0123456789abcdef/8e9e05c52164694d/otherix-20260606T035000Z.db: the store has no ")
                .contains("otherix-20260606T034500Z.db, which has the highest revision, 16, of 2 proven snapshots");
    }

    @Test
    void aNewerCopyWithALowerRevisionIsForAPersonToJudge() throws IOException {
        var blank = new WrittenPast()
                .compacted(1)
                .at(2)
                .put("/otherix/users/ann", "new")
                .write(dir.resolve("blank"));
        sample().putInto(store);
        new StoredSample(blank, "20260607T031500Z").forKeys(KEY).putInto(store);
        refused(
                fetch("latest", "--identity", identity.toString()),
                1,
                "which copy? " + NAME + " has the highest revision",
                "highest revision 15",
                "ca-0123456789abcdef/8e9e05c52164694d/" + NAME);
    }

    @Test
    void aStoreThatDoesNotAnswerLeavesNothingAndIsNoFinding() {
        var sample = sample();
        sample.putInto(store);
        store.fail(
                sample.objectKey(),
                new StoreFailure(StoreFailure.Code.UNAVAILABLE, "s3://a-bucket does not answer. Try later", null));
        refused(fetch(NAME, "--identity", identity.toString()), 2, "s3://a-bucket does not answer");
    }

    @Test
    void whatAStoreSaysCannotMoveTheCursor() {
        var sample = sample();
        sample.putInto(store);
        store.fail(
                sample.objectKey(), new StoreFailure(StoreFailure.Code.REFUSED, "the store says: \u001b[2Jgone", null));
        var run = fetch(NAME, "--identity", identity.toString());
        assertThat(run.err()).contains("the store says: ?[2Jgone").doesNotContain("\u001b");
    }
}
