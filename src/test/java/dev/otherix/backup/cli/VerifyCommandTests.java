package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.otherix.backup.job.SampleFile;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTests {

    private static final String NAME = "otherix-20260606T031500Z.db";
    private static final String LATER = "otherix-20260606T041500Z.db";

    @TempDir
    private Path dir;

    @Test
    void aDirectoryThatThisUserMayNotReadIsReportedWithItsOwnerItsModeAndTheFix() throws IOException {
        var closed = Files.createDirectory(dir.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(closed), "this user reads everything");
        var run = OfflineScene.run("verify", closed.toString());
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains(
                        "cannot verify " + closed + ": it is there, but ",
                        " may not read it (owner ",
                        ", mode 0000). Run the command with sudo, or as the owner");
    }

    @Test
    void ofOneFileAllIsTold() throws IOException {
        var file = put("saved by etcdctl", SampleFile.good());
        var run = OfflineScene.run("verify", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("GOOD  " + file + System.lineSeparator())
                .contains(
                        "  size        20512 bytes (20.0 KiB)\n",
                        "  sha256      7b146b65480e707d822c1976acf17d30f4a97d7668265242e9fead3e54e87035\n",
                        "  footer      passed\n",
                        "  pages       5 of 4096 bytes\n",
                        "  etcd        storage version not recorded: 3.5 or earlier\n",
                        "  revision    2, never compacted\n",
                        "  keys        1 live; 11 entries in all\n",
                        "  resources   other 1\n",
                        "  members     k35 ac7c97ef0ec193b0\n",
                        "  alarms      none\n",
                        "  cluster CA  none: the snapshot names no active cluster CA\n",
                        "  hash_kv     3628877040\n",
                        "  etcdutl     hash ba5d6e08, revision 2, keys 1 (3.6 and later) or 11 (3.5), size 20480\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aProgramGetsTheNamesOfTheRecords() throws IOException {
        var file = put("k.db", SampleFile.good());
        var run = OfflineScene.run("verify", "-o", "json", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.json().get("files")).hasSize(1);
        var report = run.json().at("/files/0");
        assertThat(report.propertyNames())
                .containsExactly("file", "good", "findings", "finding_count", "remarks", "facts");
        assertThat(report.get("remarks")).isEmpty();
        assertThat(report.get("file").asString()).isEqualTo(file.toString());
        assertThat(report.get("good").asBoolean()).isTrue();
        assertThat(report.get("findings")).isEmpty();
        assertThat(report.get("finding_count").asLong()).isZero();
        var facts = report.get("facts");
        assertThat(facts.propertyNames())
                .containsExactly(
                        "size_bytes",
                        "sha256",
                        "footer",
                        "revision",
                        "compact_revision",
                        "live_keys",
                        "total_entries",
                        "hash_kv",
                        "ca_fingerprint",
                        "ca_remark",
                        "page_size",
                        "page_count",
                        "storage_version",
                        "members",
                        "alarms",
                        "resources",
                        "status");
        assertThat(facts.get("status").toString())
                .isEqualTo("{\"hash\":3126685192,\"revision\":2,\"total_key_3_5\":11,\"total_key_3_6\":1,"
                        + "\"total_size\":20480}");
        assertThat(facts.get("members").toString())
                .isEqualTo("[{\"id\":\"ac7c97ef0ec193b0\",\"name\":\"k35\","
                        + "\"peer_urls\":[\"http://127.0.0.1:23791\"],\"is_learner\":false}]");
        assertThat(facts.get("hash_kv").asLong()).isEqualTo(SampleFile.HASH_KV);
        assertThat(facts.get("footer").asString()).isEqualTo("passed");
        assertThat(facts.get("storage_version").isNull()).isTrue();
    }

    @Test
    void aDamagedFileIsToldWithItsFindings() throws IOException {
        var file = put("bad.db", SampleFile.withABrokenPage());
        var text = OfflineScene.run("verify", file.toString());
        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.out())
                .startsWith("DAMAGED  " + file)
                .contains("  footer      passed\n", "  findings    ")
                .containsPattern("\n  - page_\\w+: ")
                .contains("Do not restore it.");
        assertThat(text.err()).isEmpty();
        var json = OfflineScene.run("verify", "-o", "json", file.toString());
        assertThat(json.exitCode()).isEqualTo(1);
        var report = json.json().at("/files/0");
        assertThat(report.get("good").asBoolean()).isFalse();
        assertThat(report.get("finding_count").asLong())
                .isEqualTo(report.get("findings").size())
                .isPositive();
        assertThat(report.at("/findings/0").propertyNames()).containsExactly("code", "page", "bucket", "message");
        assertThat(report.at("/findings/0/page").asLong()).isEqualTo(4);
        assertThat(report.at("/facts/revision").isNull()).isTrue();
        assertThat(report.at("/facts/size_bytes").asLong()).isEqualTo(20512);
    }

    @Test
    void oneBitIsEnough() throws IOException {
        var run = OfflineScene.run(
                "verify",
                "-o",
                "json",
                put("bad.db", SampleFile.withAnotherBit()).toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.json().at("/files/0/facts/footer").asString()).isEqualTo("failed");
        assertThat(run.json().at("/files/0/findings/0/code").asString()).isEqualTo("footer");
    }

    @Test
    void aCopyOfAMembersOwnFileIsGoodOnlyWhenItIsSaidToBeOne() throws IOException {
        var file = put("db", Arrays.copyOf(SampleFile.good(), SampleFile.good().length - 32));
        var without = OfflineScene.run("verify", file.toString());
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.out()).contains("  - footer_missing: ").contains("verify it with --raw");
        var raw = OfflineScene.run("verify", "--raw", "-o", "json", file.toString());
        assertThat(raw.exitCode()).isZero();
        assertThat(raw.json().at("/files/0/facts/footer").asString()).isEqualTo("absent");
    }

    @Test
    void rawIsNoWayAroundAFooterThatDoesNotFit() throws IOException {
        var file = put("bad.db", SampleFile.withAnotherBit());
        assertThat(OfflineScene.run("verify", "--raw", file.toString()).exitCode())
                .isEqualTo(1);
        assertThat(OfflineScene.run(
                                "verify",
                                "--raw",
                                put("good.db", SampleFile.good()).toString())
                        .exitCode())
                .isZero();
    }

    @Test
    void theWorstOfSeveralFilesCounts() throws IOException {
        var good = put("good.db", SampleFile.good()).toString();
        var bad = put("bad.db", SampleFile.withAnotherBit()).toString();
        var absent = dir.resolve("absent.db").toString();
        var one = OfflineScene.run("verify", bad, good);
        assertThat(one.exitCode()).isEqualTo(1);
        assertThat(one.out())
                .containsPattern("(?m)^DAMAGED  \\Q" + bad + "\\E +20.0 KiB  revision 2 +keys 1 +CA none$")
                .containsPattern("(?m)^GOOD     \\Q" + good + "\\E +20.0 KiB  revision 2 +keys 1 +CA none$")
                .endsWith("2 files: 1 good, 1 damaged, 0 not read" + System.lineSeparator());
        var two = OfflineScene.run("verify", absent, bad, good);
        assertThat(two.exitCode()).isEqualTo(2);
        assertThat(two.out()).endsWith("3 files: 1 good, 1 damaged, 1 not read" + System.lineSeparator());
        assertThat(two.err())
                .isEqualTo("otherix-etcd-backup: cannot verify " + absent + ": it does not exist"
                        + System.lineSeparator());
        var json = OfflineScene.run("verify", good, absent, "-o", "json");
        assertThat(json.exitCode()).isEqualTo(2);
        assertThat(json.json().at("/files/1").toString())
                .isEqualTo(
                        "{\"file\":\"" + absent + "\",\"good\":false,\"findings\":[{\"code\":"
                                + "\"unreadable\",\"page\":null,\"bucket\":null,\"message\":\"it does not exist\"}],\"finding_count\":1,\"remarks\":[],\"facts\":null}");
    }

    @Test
    void aDirectoryStandsForItsSnapshotsAndIsLeftAsItIsWhileAServiceHoldsIt() throws IOException {
        try (var _ = SnapshotDirectory.open(dir, 0L)) {
            put(LATER, SampleFile.another());
            put(NAME, SampleFile.good());
            for (var other :
                    new String[] {NAME + ".rejected", NAME + ".corrupt", "." + NAME + ".tmp", NAME + ".tmp", "saved.db"
                    }) {
                put(other, new byte[] {1});
            }
            var before = OfflineScene.state(dir);
            var run = OfflineScene.run("verify", "-o", "json", dir.toString());
            assertThat(run.exitCode()).isZero();
            assertThat(run.json().get("files").findValuesAsString("file"))
                    .containsExactly(
                            dir.resolve(NAME).toString(), dir.resolve(LATER).toString());
            assertThat(OfflineScene.state(dir)).isEqualTo(before);
        }
    }

    @Test
    void aDirectoryWithoutSnapshotsIsNotGood() throws IOException {
        put(NAME + ".corrupt", SampleFile.good());
        var run = OfflineScene.run("verify", dir.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(dir + ": no otherix-*.db in this directory");
        var json = OfflineScene.run(
                "verify",
                "-o",
                "json",
                dir.toString(),
                put("k.db", SampleFile.good()).toString());
        assertThat(json.exitCode()).isEqualTo(2);
        assertThat(json.json().get("files").findValuesAsString("code")).containsExactly("no_snapshots");
    }

    @Test
    void aLinkMeansTheFileBehindIt() throws IOException {
        var file = put("k.db", SampleFile.good());
        var link = Files.createSymbolicLink(dir.resolve("otherix-newest.db"), file);
        var run = OfflineScene.run("verify", link.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("GOOD  " + link);
        assertThat(OfflineScene.run("verify", dir.toString()).exitCode()).isZero();
        Files.delete(file);
        assertThat(OfflineScene.run("verify", link.toString()).err())
                .contains(link + ": it is a link to a file that does not exist");
        put(NAME, SampleFile.good());
        assertThat(OfflineScene.run("verify", dir.toString()).exitCode()).isEqualTo(2);
    }

    @Test
    void whatIsNoFileCannotBeRead() throws IOException {
        Files.createDirectory(dir.resolve(NAME));
        assertThat(OfflineScene.run("verify", dir.toString()).exitCode()).isEqualTo(2);
        assertThat(OfflineScene.run("verify", "/dev/null").exitCode()).isEqualTo(2);
    }

    @Test
    void whatIsNoDatabaseIsDamagedAndNoCopyOfOne() throws IOException {
        for (var size : new int[] {32, 8192, 20511}) {
            var run = OfflineScene.run(
                    "verify",
                    put("odd.db", Arrays.copyOf(SampleFile.good(), size)).toString());
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.out()).contains("footer_missing").doesNotContain("MetaPage");
        }
    }

    @Test
    void aFileThatWasCutShortIsToldSoInWordsThatCanBe() throws IOException {
        var run = OfflineScene.run(
                "verify", put("cut.db", Arrays.copyOf(SampleFile.good(), 8192)).toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "  - data_length: the database has 5 pages of 4096 bytes, the file has 8192 bytes of data: its end is missing\n",
                        ", and none is there after the meta pages\n")
                .doesNotContain("2 to 1");
    }

    @Test
    void aRawFileIsReadByTheMetaPageThatIsWhole() throws IOException {
        for (int torn = 0; torn <= 1; torn++) {
            var file = Arrays.copyOf(SampleFile.good(), SampleFile.good().length - 32);
            file[torn * 4096 + 40] ^= 1;
            var path = put("torn-" + torn, file).toString();
            var text = OfflineScene.run("verify", "--raw", path);
            assertThat(text.exitCode()).isEqualTo(3);
            assertThat(text.out())
                    .startsWith("TORN  " + path)
                    .contains(
                            "  - meta_torn: meta page " + torn + " is torn (checksum is ",
                            "the file is read by meta page " + (1 - torn),
                            "The last write before the crash may be missing",
                            "  keys        1 live;");
            var json = OfflineScene.run("verify", "--raw", "-o", "json", path)
                    .json()
                    .at("/files/0");
            assertThat(json.get("good").asBoolean()).isTrue();
            assertThat(json.at("/facts/hash_kv").asLong()).isEqualTo(SampleFile.HASH_KV);
            assertThat(json.at("/remarks/0").propertyNames()).containsExactly("code", "message");
            assertThat(OfflineScene.run("verify", path).exitCode())
                    .as("without --raw")
                    .isEqualTo(1);
            var good = put("good.db", SampleFile.good()).toString();
            var bad = put("bad.db", SampleFile.withAnotherBit()).toString();
            assertThat(OfflineScene.run("verify", "--raw", good, path).exitCode())
                    .as("worse than good")
                    .isEqualTo(3);
            assertThat(OfflineScene.run("verify", "--raw", path, bad).exitCode())
                    .as("better than damaged")
                    .isEqualTo(1);
        }
    }

    @Test
    void aFileWithAFooterStaysStrict() throws IOException {
        var file = SampleFile.good();
        file[40] ^= 1;
        var path = put("torn.db", file);
        BoltWriter.seal(path, file.length - 32);
        var run = OfflineScene.run("verify", "--raw", path.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("DAMAGED", "  - meta: meta page 0 is not valid: checksum is ");
    }

    @Test
    void twoTornMetaPagesAreNoDatabase() throws IOException {
        var file = Arrays.copyOf(SampleFile.good(), SampleFile.good().length - 32);
        file[40] ^= 1;
        file[4096 + 40] ^= 1;
        assertThat(OfflineScene.run("verify", "--raw", put("torn", file).toString())
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void metaPagesOfTwoTransactionsAreToldInWords() throws IOException {
        var file = SampleFile.good();
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(4096 + 64, 4711);
        BoltWriter.sign(file, 4096);
        var path = put("two.db", file);
        BoltWriter.seal(path, file.length - 32);
        assertThat(OfflineScene.run("verify", path.toString()).out())
                .contains(
                        "  - meta_relation: the meta pages are not of one transaction: page 0 is of transaction ",
                        "page 1 is of transaction 4711 with its root at page 4, 5 pages of 4096 bytes and no freelist\n")
                .doesNotContain("MetaPage");
    }

    @Test
    void whatIsWorthKnowingMakesNoFileBad() throws IOException {
        var file = BoltWriter.snapshot(
                dir.resolve("remarks.db"),
                4096,
                new TreeMap<>(Map.of(
                        "key",
                        List.of(),
                        "meta",
                        List.of(Entry.of("storageVersion", "3.6.0"), Entry.of("term", "short")),
                        "cluster",
                        List.of(Entry.of("clusterVersion", "3.7.0")))));
        var run = OfflineScene.run("verify", file.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("GOOD")
                .contains(
                        "  etcd        storage version 3.6.0; needs etcd 3.7 or later\n",
                        "  remarks     1\n",
                        "  - meta_row: term in bucket meta has 5 bytes instead of 8; a restore writes it anew\n");
    }

    @Test
    void aFileOfALaterEtcdIsNotCalledLost() throws IOException {
        var file = BoltWriter.snapshot(
                dir.resolve("later.db"),
                4096,
                new TreeMap<>(Map.of(
                        "key", List.of(), "meta", List.of(), "cluster", List.of(Entry.of("clusterVersion", "3.9.0")))));
        var run = OfflineScene.run("verify", file.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "cluster_version: the cluster version is 3.9.0; etcd 3.7 and earlier do not start with it",
                        "verify it with a newer otherix-etcd-backup");
    }

    @Test
    void aFileThatRetentionRemovesMeanwhileIsPassedOver() throws IOException {
        put(NAME, SampleFile.good());
        put(LATER, SampleFile.good());
        assertThat(OfflineScene.printingTo(new Removing(dir.resolve(LATER)), "verify", dir.toString())
                        .exitCode())
                .isZero();
        put(LATER, SampleFile.good());
        var named = OfflineScene.printingTo(
                new Removing(dir.resolve(LATER)),
                "verify",
                dir.resolve(NAME).toString(),
                dir.resolve(LATER).toString());
        assertThat(named.exitCode()).as("a file that was named has to be there").isEqualTo(2);
    }

    @Test
    void aGoodFileThatIsNotTheOneOfItsRecordIsToldSo() throws IOException {
        put(NAME, SampleFile.good());
        Files.writeString(
                dir.resolve(NAME.replace(".db", ".json")), ListCommandTests.record(NAME, 20512, "verified", 2, "{}"));
        var run = OfflineScene.run("verify", "-o", "json", dir.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.json().get("files").findValuesAsString("code")).containsExactly("sha256");
        Files.writeString(
                dir.resolve(NAME.replace(".db", ".json")),
                ListCommandTests.record(NAME, 20512, "verified", 2, "{}")
                        .replace("\"5ba\"", "\"7b146b65480e707d822c1976acf17d30f4a97d7668265242e9fead3e54e87035\""));
        assertThat(OfflineScene.run("verify", dir.toString()).exitCode()).isZero();
    }

    @Test
    void noNameMovesTheCursor() throws IOException {
        var file = put("\u001b[2J.db", SampleFile.good());
        assertThat(OfflineScene.run("verify", file.toString()).out()).startsWith("GOOD  " + dir + "/?[2J.db");
        assertThat(OfflineScene.run("verify", "/nowhere/\u001b[2J").err()).doesNotContain("\u001b");
        assertThat(OfflineScene.run("verify", "-o", "json", file.toString())
                        .json()
                        .at("/files/0/file")
                        .asString())
                .isEqualTo(file.toString());
    }

    @Test
    void aResultThatCannotBePrintedIsNone() throws IOException {
        var run = OfflineScene.printingTo(
                new Writer() {
                    @Override
                    public void write(char[] characters, int from, int length) throws IOException {
                        throw new IOException("No space left on device");
                    }

                    @Override
                    public void flush() {
                        // nothing was taken
                    }

                    @Override
                    public void close() {
                        // nothing to close
                    }
                },
                "verify",
                put("k.db", SampleFile.good()).toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("could not be written to standard output");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "verify -o yaml f.db", "verify -o f.db", "verify --row f.db"})
    void badUsageIsTold(String args) {
        var run = OfflineScene.run(args.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("otherix-etcd-backup: ").contains("See otherix-etcd-backup verify --help.");
        assertThat(run.out()).isEmpty();
    }

    private Path put(String name, byte[] content) throws IOException {
        return Files.write(dir.resolve(name), content);
    }

    /** Deletes a file as soon as anything is printed. */
    private static final class Removing extends Writer {

        private final Path file;

        private Removing(Path file) {
            this.file = file;
        }

        @Override
        public void write(char[] characters, int from, int length) throws IOException {
            Files.deleteIfExists(file);
        }

        @Override
        public void flush() {
            // nothing is kept
        }

        @Override
        public void close() {
            // nothing to close
        }
    }
}
