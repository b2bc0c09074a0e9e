package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.restore.Quarantine;
import dev.otherix.backup.verify.Rows;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.SnapshotVerifier.Options;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestoreCommandTests {

    private static final String URL = "http://127.0.0.1:9";
    private static final ClusterCa CA = ClusterCa.generate();

    @TempDir
    private Path dir;

    private Path data;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        data = dir.resolve("etcd");
        file = WrittenPast.small().write(dir.resolve("a.db"));
    }

    private OfflineScene restore(String... more) {
        var line = new ArrayList<>(List.of("restore", file.toString(), "--data-dir", data.toString()));
        line.addAll(Arrays.asList(more));
        return OfflineScene.run(line.toArray(String[]::new));
    }

    private OfflineScene single(String... more) {
        var line = new ArrayList<>(List.of("--name", "otherix-0", "--peer-url", URL));
        line.addAll(Arrays.asList(more));
        return restore(line.toArray(String[]::new));
    }

    @Test
    void theDirectoryIsThereAndTheNextStepsAreShown() throws IOException {
        var run = single("--cluster-token", "t");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .contains(
                        data.toString(),
                        "revision  15, 5 live keys, HashKV " + hash()
                                + "; it goes on at 1000000015, and watchers begin anew",
                        "  2. start:",
                        "       systemctl unmask otherix-api && systemctl enable --now otherix-api")
                .allMatch(line -> line.length() <= 112);
        assertThat(tree(data))
                .containsExactly(
                        ". rwx------",
                        "member rwx------",
                        "member/snap rwx------",
                        "member/snap/0000000000000001-0000000000000001.snap rw-------",
                        "member/snap/db rw-------",
                        "member/wal rwx------",
                        "member/wal/0000000000000000-0000000000000000.wal rw-------");
        assertThat(dir).isDirectoryNotContaining(path -> path.toString().endsWith(".restoring"));
    }

    private String hash() throws IOException {
        try (var proof = new SnapshotVerifier().verify(file, Options.PLAIN, _ -> {})) {
            return String.valueOf(proof.facts().orElseThrow().hashKv());
        }
    }

    private static List<String> tree(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.map(path -> (path.equals(root) ? "." : root.relativize(path)) + " " + mode(path))
                    .sorted()
                    .toList();
        }
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    @Test
    void whereSeveralHostsAreRestoredNoneStartsBeforeAllAreInQuarantine() {
        var run = restore(
                "--name",
                "a",
                "--peer-url",
                URL,
                "--cluster-token",
                "t",
                "--initial-cluster",
                "a=" + URL + ",b=http://127.0.0.1:13");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(
                        "  2. first restore and quarantine every host of the cluster, then start all within a minute:")
                .doesNotContain("2. start:");
        assertThat(run.out().replace("\n       ", "\n"))
                .contains(
                        "\n" + String.join("\n", Quarantine.begin()) + "\n",
                        "\n" + String.join("\n", Quarantine.endAndRestart()) + "\n");
    }

    @Test
    void jsonHasWhatTheContractNames() {
        var made = single("--cluster-token", "t", "-o", "json").json();
        assertThat(made.propertyNames())
                .containsExactlyInAnyOrder(
                        "data_dir",
                        "name",
                        "member_id",
                        "cluster_id",
                        "cluster_token",
                        "initial_cluster",
                        "revision",
                        "snapshot",
                        "sha256",
                        "ca_fingerprint",
                        "etcd_version");
        assertThat(made.get("data_dir").asString()).isEqualTo(data.toString());
        assertThat(made.get("initial_cluster").asString()).isEqualTo("otherix-0=" + URL);
        assertThat(made.get("revision").asLong()).isEqualTo(15);
        assertThat(made.get("ca_fingerprint").isNull()).isTrue();
    }

    @Test
    void withoutATokenEachRestoreIsAClusterOfItsOwn() {
        var one = single("-o", "json").json();
        data = dir.resolve("other");
        var other = single("-o", "json").json();
        assertThat(one.get("cluster_token")).isNotEqualTo(other.get("cluster_token"));
        assertThat(one.get("cluster_id")).isNotEqualTo(other.get("cluster_id"));
    }

    @Test
    void anEarlierMomentIsRestoredWithoutTheBumpOfAnother() throws IOException {
        var run = single("--to-revision", "12");
        assertThat(run.out()).contains("revision  12, 2 live keys").contains("it goes on at 1000000015");
        assertThat(run.out()).contains("what was written after revision 12");
        try (var proof =
                new SnapshotVerifier().verify(data.resolve("member/snap/db"), new Options(true, 0, false), _ -> {})) {
            assertThat(proof.findings()).isEmpty();
            assertThat(proof.facts().orElseThrow().liveKeys()).isEqualTo(2);
        }
    }

    @Test
    void aDryRunSaysTheSameAndWritesNothing() {
        var run = single("--dry-run");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("nothing was written")
                .contains("5 live keys")
                .doesNotContain("Next on");
        assertThat(dir).isDirectoryNotContaining(path -> path.toString().contains("etcd"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            --name n                                                     | --peer-url is missing
            --peer-url http://127.0.0.1:9                                | --name is missing
            --name n --peer-url http://127.0.0.1:9/x                     | has /x at its end; a peer URL has a host and a port, and no path
            --name n --peer-url 127.0.0.1:9                              | it is no URL such as https://10.0.0.11:2380
            --name n --peer-url http://127.0.0.1                         | it has no port
            --name n --peer-url http://127.0.0.1:0                       | it has the port 0
            --name n --peer-url http://127.0.0.1:9,http://127.0.0.1:9    | it has a URL twice
            --name n --peer-url http://127.0.0.1:9 --initial-cluster m=http://127.0.0.1:9 | it does not have n, the name of this member
            --name n --peer-url http://127.0.0.1:9 --initial-cluster n=http://127.0.0.1:13 | --initial-cluster has another for n: http://127.0.0.1:13
            --name n --peer-url http://127.0.0.1:9 --initial-cluster n=http://127.0.0.1:9,n=http://127.0.0.1:13 | has the name n twice
            --name n --peer-url http://127.0.0.1:9 --initial-cluster n=http://127.0.0.1:9,m=http://127.0.0.1:9 | has the URL http://127.0.0.1:9 twice
            --name n --peer-url http://127.0.0.1:9 --initial-cluster n   | has "n" instead of NAME=URL
            --name n --peer-url http://127.0.0.1:9 --initial-cluster n=http://127.0.0.1:9,m=http://127.0.0.1:13 | --cluster-token is missing, and --initial-cluster has 2 members
            --name n --peer-url http://127.0.0.1:9 --bump-revision -1    | --bump-revision -1: it is a number from 0
            --name n --peer-url http://127.0.0.1:9 --bump-revision 9223372036854775807 | it is a number from 0 to 4611686018427387904
            --name n --peer-url http://127.0.0.1:9 --bump-revision 0 --mark-compacted | nothing is marked
            --name n --peer-url http://127.0.0.1:9 --wal-dir w           | --wal-dir w: otherix-api has no directory of its own for the log
            --name n --peer-url http://127.0.0.1:9 --owner root          | is not USER:GROUP
            --name n --peer-url http://127.0.0.1:9 --owner root:no-such  | names the group no-such, whom this machine does not know
            --name n,m --peer-url http://127.0.0.1:9                     | --name n,m: it is a text without comma
            --name n --peer-url http://127.0.0.1:9 --data-dir=           | --data-dir
            --name n --peer-url http://127.0.0.1:9 --ca-dir=             | --ca-dir
            --name n --peer-url http://127.0.0.1:9 --to-revision 12 --to-time 45m | mutually exclusive
            """)
    void badUsageIsRefusedBeforeAnythingIsRead(String options, String message) throws IOException {
        var before = OfflineScene.state(dir);
        var run = restore(options.split(" +"));
        assertThat(run.err()).contains(message);
        assertThat(run.err().lines()).hasSizeLessThanOrEqualTo(2);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(OfflineScene.state(dir)).isEqualTo(before);
    }

    @Test
    void whatIsThereIsNotOverwrittenAndMovedOnlyIfThatIsAsked() throws IOException {
        Files.createDirectories(data.resolve("member"));
        Files.writeString(data.resolve("member/precious"), "data");
        var refused = single();
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains(data + " is not empty: it has member")
                .contains("--move-old-aside");
        assertThat(data.resolve("member/precious")).hasContent("data");

        var moved = single("--move-old-aside");
        assertThat(moved.exitCode()).isZero();
        assertThat(moved.out()).contains("note      the old data directory is now " + data + ".before-restore-");
        try (var beside = Files.list(dir)) {
            assertThat(beside.filter(path -> path.toString().contains(".before-restore-")))
                    .singleElement()
                    .satisfies(aside ->
                            assertThat(aside.resolve("member/precious")).hasContent("data"));
        }
    }

    @Test
    void anEmptyDirectoryIsTaken() throws IOException {
        Files.createDirectory(data);
        assertThat(single().exitCode()).isZero();
        assertThat(data.resolve("member/snap/db")).exists();
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        var elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
        Files.createSymbolicLink(data, elsewhere);
        var run = single();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(data + " is a link to " + elsewhere);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aProgramOnThePortAndALivingMemberRefuse() throws IOException {
        try (var listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var taken = "http://127.0.0.1:" + listening.getLocalPort();
            var own = restore("--name", "n", "--peer-url", taken);
            assertThat(own.exitCode()).isEqualTo(1);
            assertThat(own.err()).contains("listens on the port of " + taken);

            String[] other = {"--initial-cluster", "otherix-0=" + URL + ",n=" + taken, "--cluster-token", "t"};
            var living = single(other);
            assertThat(living.exitCode()).isEqualTo(1);
            assertThat(living.err()).contains(taken + ", another member of --initial-cluster, answers");
            assertThat(data).doesNotExist();

            var ignored = new ArrayList<>(List.of(other));
            ignored.add("--ignore-live-peers");
            assertThat(single(ignored.toArray(String[]::new)).exitCode()).isZero();
        }
    }

    @Test
    void aFileWithFindingsIsRefusedAndLeavesNothing() throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        var run = single();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("a.db has findings");
        assertThat(dir).isDirectoryNotContaining(path -> path.toString().contains("etcd"));
    }

    @Test
    void aDirectoryAndAMissingFileAreUnreadable() {
        file = dir;
        assertThat(single().err())
                .contains("is a directory, and restore takes a file")
                .contains("restore plan");
        file = dir.resolve("none.db");
        var run = single();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("none.db: it does not exist");
        assertThat(OfflineScene.run("restore").err()).contains("no snapshot is named");
    }

    @Test
    void theCaIsPlacedAndAnotherOneStaysUnderAnotherName() throws IOException {
        file = CaSnapshot.write(dir.resolve("ca.db"), CA);
        var ca = Files.createDirectory(dir.resolve("ca"));
        Files.writeString(ca.resolve("cluster-ca.crt"), "another");
        Files.writeString(ca.resolve("cluster-ca.key"), "another key");
        var run = single("--ca-dir", ca.toString(), "--ca-fingerprint", CA.fingerprint());
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(ca.resolve("cluster-ca.crt")).hasContent(CA.certificatePem());
        assertThat(ca.resolve("cluster-ca.key")).hasContent(CA.keyPem());
        assertThat(run.out()).doesNotContain(CA.keyPem().substring(40, 80)).contains("CA        " + CA.fingerprint());
        try (var files = Files.list(ca)) {
            assertThat(files.map(path -> String.valueOf(path.getFileName()))
                            .map(name -> name.replaceFirst("\\d{8}T\\d{6}Z", "TIME")))
                    .containsExactlyInAnyOrder(
                            "cluster-ca.crt", "cluster-ca.key", "cluster-ca.crt.TIME", "cluster-ca.key.TIME");
        }
        assertThat(tree(ca)).contains("cluster-ca.crt rw-------", "cluster-ca.key rw-------");

        data = dir.resolve("again");
        var equal = OfflineScene.state(ca);
        assertThat(single("--ca-dir", ca.toString()).out()).contains("is the snapshot's");
        assertThat(OfflineScene.state(ca)).isEqualTo(equal);
    }

    @Test
    void withoutAPairInTheSnapshotOrWithAnotherCaNothingIsMade() {
        var none = single("--ca-dir", dir.resolve("ca").toString());
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).contains("has no cluster CA to write");
        var other = single("--ca-fingerprint", CA.fingerprint());
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.err()).contains("has no cluster CA, not " + CA.fingerprint());
        assertThat(data).doesNotExist();
        assertThat(dir.resolve("ca")).doesNotExist();
    }

    @Test
    void otherixsOwnFileFillsInWhatNoOptionGives() throws IOException {
        var ca = Files.createDirectory(dir.resolve("ca"));
        file = CaSnapshot.write(dir.resolve("ca.db"), CA);
        var api = Files.writeString(dir.resolve("api.yaml"), """
                etcd:
                  data_dir: %s
                  peer_url: %s
                cluster_ca:
                  cert_file: %s/cluster-ca.crt
                """.formatted(data, URL, ca));
        var run = OfflineScene.run("restore", file.toString(), "--api-config", api.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.err().lines())
                .containsExactlyInAnyOrder(
                        "otherix-etcd-backup: variables in api.env, which win over " + api + ", were not read",
                        "otherix-etcd-backup: --name otherix-0 (otherix's default)",
                        "otherix-etcd-backup: --peer-url " + URL + " (etcd.peer_url in " + api + ")",
                        "otherix-etcd-backup: --data-dir " + data + " (etcd.data_dir in " + api + ")",
                        "otherix-etcd-backup: --ca-dir " + ca + " (cluster_ca.cert_file in " + api + ")");
        assertThat(ca.resolve("cluster-ca.key")).hasContent(CA.keyPem());

        Files.writeString(api, "etcd:\n  peer_url: auto\n");
        var auto = restore("--api-config", api.toString());
        assertThat(auto.exitCode()).isEqualTo(2);
        assertThat(auto.err()).contains("etcd.peer_url is auto");
    }

    @Test
    void theMembersAreWrittenAnewAndOnlyAnAlarmOfSpaceIsLeftOut() throws IOException {
        var row = Rows.Row.put(2, "/otherix/a", 2, 1).entry();
        var nospace = new Entry(new byte[] {8, 1, 16, 1}, new byte[0]);
        var corrupt = new Entry(new byte[] {8, 1, 16, 2}, new byte[0]);
        file = BoltWriter.snapshot(
                dir.resolve("members.db"),
                4096,
                new TreeMap<>(Map.of(
                        "alarm", List.of(nospace, corrupt),
                        "key", List.of(row),
                        "members", List.of(Entry.of("no id", "no member")),
                        "meta", List.of())));
        assertThat(OfflineScene.run("verify", file.toString()).out()).contains("member_id");
        var run = single();
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("note      the alarm NOSPACE of member 1 was left out")
                .contains("note      the alarm CORRUPT of member 1 is still on");
        try (var proof =
                new SnapshotVerifier().verify(data.resolve("member/snap/db"), new Options(true, 0, true), _ -> {})) {
            assertThat(proof.findings()).isEmpty();
            var details = proof.details().orElseThrow();
            assertThat(details.alarms()).extracting(alarm -> alarm.alarm()).containsExactly("CORRUPT");
            assertThat(details.members()).extracting(member -> member.name()).containsExactly("otherix-0");
        }
    }

    @Test
    void aStoreOfANewerEtcdThanThisProgramKnowsIsRefused() throws IOException {
        var row = Rows.Row.put(2, "/otherix/a", 2, 1).entry();
        file = BoltWriter.snapshot(
                dir.resolve("newer.db"),
                4096,
                new TreeMap<>(Map.of("key", List.of(row), "meta", List.of(Entry.of("storageVersion", "9.9.0")))));
        var run = single();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("the storage version is 9.9.0");
        assertThat(data).doesNotExist();
    }

    @Test
    void theCaHasItsPlaceOutsideTheDataDirectory() {
        for (var inside : List.of(data, data.resolve("ca"), data.resolve("../etcd/ca"))) {
            var run = single("--ca-dir", inside.toString());
            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err()).contains("it is in the data directory, which the restore replaces");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void aDirectoryThatIsNoMembersIsNotMovedAside() throws IOException {
        Files.createDirectory(data);
        Files.writeString(data.resolve("letter.txt"), "precious");
        var run = single("--move-old-aside");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(data + " has letter.txt and no member, so it is no data directory of a member");
        assertThat(data.resolve("letter.txt")).hasContent("precious");
    }

    @Test
    void aLinkedLogMayBeInUseSoItIsNotMovedAside() throws IOException {
        Files.createDirectories(data.resolve("member"));
        Files.createSymbolicLink(data.resolve("member/wal"), Files.createDirectory(dir.resolve("log")));
        var run = single("--move-old-aside");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("member/wal is a link, and a restore follows none");
    }

    @Test
    void aPipeIsNoSnapshot() throws Exception {
        file = dir.resolve("pipe.db");
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        var run = single();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("it is no regular file");
        assertThat(OfflineScene.run("rewind", file.toString(), "--to-revision", "12", "--out", dir + "/new.db")
                        .err())
                .contains("it is no regular file");
    }

    @Test
    void aSnapshotInWhatAnUnfinishedRestoreLeftIsNotLost() throws IOException {
        var left = Files.createDirectories(dir.resolve("etcd.restoring/member/snap"));
        file = Files.move(file, left.resolve("db"));
        var run = single();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("which a restore removes before it begins");
        assertThat(file).exists();
    }

    @Test
    void whatIsInTheWayOfTheKeyIsRenamedToo() throws IOException {
        file = CaSnapshot.write(dir.resolve("ca.db"), CA);
        var ca = Files.createDirectory(dir.resolve("ca"));
        Files.createDirectory(ca.resolve("cluster-ca.key"));
        Files.writeString(ca.resolve("cluster-ca.key/in-the-way"), "x");
        assertThat(single("--ca-dir", ca.toString()).exitCode()).isZero();
        assertThat(ca.resolve("cluster-ca.key")).hasContent(CA.keyPem());
    }

    @Test
    void aMajorityOfTheSnapshotsOwnMembersRefusesAndFewerAreAWarning() throws IOException {
        try (var one = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            try (var two = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                file = withMembers(one.getLocalPort(), two.getLocalPort(), 9);
                var refused = single();
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err()).contains("the cluster of this snapshot lives: 2 of its 3 members answer");
                assertThat(data).doesNotExist();
            }
            var warned = single();
            assertThat(warned.exitCode()).isZero();
            assertThat(warned.out()).contains("note      of the old cluster, 1 of its 3 members answer");
        }
    }

    private Path withMembers(int... ports) throws IOException {
        var members = new ArrayList<Entry>();
        for (var port : ports) {
            members.add(Entry.of(
                    Integer.toHexString(port),
                    "{\"id\":" + port + ",\"name\":\"m" + port + "\",\"peerURLs\":[\"http://127.0.0.1:" + port
                            + "\"]}"));
        }
        members.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
        var row = Rows.Row.put(2, "/otherix/a", 2, 1).entry();
        return BoltWriter.snapshot(
                dir.resolve("members.db"),
                4096,
                new TreeMap<>(Map.of("key", List.of(row), "members", members, "meta", List.<Entry>of())));
    }
}
