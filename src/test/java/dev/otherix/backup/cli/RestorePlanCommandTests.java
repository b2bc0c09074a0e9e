package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.RecordedPast;
import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.realetcd.Command;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which snapshot a plan takes, and what it says about it. */
@TestInstance(Lifecycle.PER_CLASS)
class RestorePlanCommandTests {

    private static final String[] TWO_HOSTS = {
        "--host", "otherix-0=https://127.0.0.1:2380", "--host", "otherix-1=https://192.0.2.12:2380"
    };

    private static final String RESTART = "systemctl restart otherix-api\n";

    /** Programs of a host, which say that they are called; one says that a port is open. */
    private static final String PLAYED = """
            systemctl() { echo "systemctl $*"; }
            otherix-api() { echo "otherix-api $1"; return 1; }
            otherix() { echo "otherix $*"; }
            curl() { :; }
            ss() { echo 'LISTEN 0 4096 *:8443 *:*'; }
            """;

    private Path dir = Path.of("");
    private RecordedPast recorded = new RecordedPast(dir);
    private List<ClusterCa> authorities = List.of();

    @BeforeAll
    void makeAuthorities() {
        authorities = List.of(ClusterCa.generate(), ClusterCa.generate());
    }

    @BeforeEach
    void makeDirectory(@TempDir Path temporary) {
        dir = temporary;
        recorded = new RecordedPast(temporary).lineage("20260606T000000Z");
    }

    private WrittenPast installation(int number) {
        var ca = authorities.get(number);
        return new WrittenPast()
                .compacted(1)
                .at(2)
                .put(ca.rowKey(), JsonMapper.shared().writeValueAsString(ca.row()))
                .put(ClusterCa.ACTIVE_KEY, ca.id());
    }

    /** Keys written one after the other from revision 3 on. */
    private static WrittenPast keys(WrittenPast past, int from, int to) {
        for (var revision = from; revision <= to; revision++) {
            past.at(revision).put("/otherix/networks/n" + revision, "{}");
        }
        return past;
    }

    private Path add(String stamp, WrittenPast past, int revision) throws IOException {
        return recorded.add(stamp, past, 1, revision);
    }

    private OfflineScene plan(String... more) {
        var args = new ArrayList<>(List.of("restore", "plan"));
        args.addAll(Arrays.asList(more));
        return OfflineScene.run(args.toArray(String[]::new));
    }

    private JsonNode json(String... more) {
        var args = new ArrayList<>(Arrays.asList(more));
        args.addAll(List.of("-o", "json"));
        var run = plan(args.toArray(String[]::new));
        assertThat(run.err().lines())
                .allMatch(
                        line -> line.matches("otherix-etcd-backup: (CA: |etcd: |the time of |2026.* is revision ).*"));
        assertThat(run.exitCode()).isZero();
        return run.json();
    }

    private void refused(OfflineScene run, String... said) {
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(said);
        assertThat(run.exitCode()).isOne();
    }

    @Test
    void theHighestRevisionIsTakenWhateverTheRecordsSayAndDamagedOnesArePassedOver() throws IOException {
        recorded.cluster("cdf818194e3a8c32");
        add("20260606T000000Z", keys(installation(0), 3, 10), 99);
        var best = add("20260606T010000Z", keys(installation(0), 3, 20), 20);
        var damaged = add("20260606T020000Z", keys(installation(0), 3, 30), 30);
        damage(damaged);
        Files.writeString(dir.resolve("otherix-notes.db"), "notes");
        var before = OfflineScene.state(dir);

        var plan = json(dir.toString());
        assertThat(plan.properties().stream().map(field -> field.getKey()))
                .containsExactly(
                        "snapshot",
                        "reason",
                        "data_until",
                        "cluster_id",
                        "ca_fingerprint",
                        "revision",
                        "passed_over",
                        "hosts",
                        "will_happen");
        assertThat(plan.at("/snapshot").asString()).isEqualTo(best.toString());
        assertThat(plan.at("/reason").asString()).isEqualTo("has the highest revision, 20, of 2 proven snapshots");
        assertThat(plan.at("/data_until").asString()).isEqualTo("2026-06-06T01:00:00Z");
        assertThat(plan.at("/cluster_id").asString()).isEqualTo("cdf818194e3a8c32");
        assertThat(plan.at("/ca_fingerprint").asString())
                .isEqualTo(authorities.get(0).fingerprint());
        assertThat(plan.at("/revision").asInt()).isEqualTo(20);
        assertThat(plan.at("/passed_over/0/name").asString()).isEqualTo(damaged.toString());
        assertThat(plan.at("/passed_over/0/reason").asString()).contains("findings");
        assertThat(plan.at("/passed_over/1/name").asString()).endsWith("otherix-notes.db");
        assertThat(plan.at("/hosts").isEmpty()).isTrue();
        assertThat(OfflineScene.state(dir)).isEqualTo(before);
    }

    @Test
    void betweenTwoInstallationsAPersonChooses() throws IOException {
        var one = add("20260606T000000Z", keys(installation(0), 3, 10), 10);
        var other = add("20260606T000100Z", keys(installation(1), 3, 11), 11);
        refused(
                plan(dir.toString()),
                "which snapshot? they are of 2 installations",
                "CA " + authorities.get(0).fingerprint(),
                "CA " + authorities.get(1).fingerprint(),
                "1 snapshot, 2026-06-06T00:01:00Z",
                "highest revision 11, live keys 11: " + other,
                "--ca-fingerprint F");
        for (var chosen : List.of(one, other)) {
            assertThat(json(chosen.toString()).at("/snapshot").asString()).isEqualTo(chosen.toString());
        }
        var fingerprint = authorities.get(0).fingerprint();
        for (var text : List.of(fingerprint, fingerprint.substring("sha256:".length()))) {
            assertThat(json(dir.toString(), "--ca-fingerprint", text)
                            .at("/snapshot")
                            .asString())
                    .isEqualTo(one.toString());
        }
        refused(
                plan(dir.toString(), "--ca-fingerprint", "sha256:00"),
                "none of the snapshots is the one that the options name:",
                one + ": has the CA " + fingerprint);
    }

    @Test
    void withoutACaTheClusterIsTheInstallation() throws IOException {
        recorded.cluster("a1");
        var one = add("20260606T000000Z", keys(new WrittenPast().compacted(1), 2, 10), 10);
        recorded.cluster("b2");
        add("20260606T000100Z", keys(new WrittenPast().compacted(1), 2, 11), 11);
        refused(plan(dir.toString()), "they are of 2 installations", "cluster a1, CA none", "cluster b2, CA none");
        assertThat(json(dir.toString(), "--cluster", "A1").at("/snapshot").asString())
                .isEqualTo(one.toString());
    }

    @Test
    void aNewerSnapshotWithALowerRevisionIsAnotherCluster() throws IOException {
        recorded.cluster("a1");
        var old = add("20260606T000000Z", keys(installation(0), 3, 20), 20);
        recorded.cluster("b2");
        var made = add("20260606T010001Z", keys(installation(0), 3, 18), 18);
        refused(
                plan(dir.toString()),
                "has the highest revision, 20, but otherix-20260606T010001Z.db is newer and has revision 18",
                "cluster a1",
                "cluster b2");
        var unrecorded = keys(installation(0), 3, 30).write(dir.resolve("otherix-by-hand.db"));
        var only = json(dir.toString(), "--cluster", "a1");
        assertThat(only.at("/snapshot").asString()).isEqualTo(old.toString());
        assertThat(only.at("/passed_over")
                        .valueStream()
                        .map(file -> file.at("/name").asString() + ": "
                                + file.at("/reason").asString()))
                .containsExactly(
                        made + ": is of cluster b2", unrecorded + ": no record beside it says of which cluster it is");
        assertThat(json(made.toString()).at("/snapshot").asString()).isEqualTo(made.toString());
    }

    @Test
    void anHourIsNotTooMuch() throws IOException {
        var old = add("20260606T000000Z", keys(installation(0), 3, 20), 20);
        add("20260606T010000Z", keys(installation(0), 3, 18), 18);
        assertThat(json(dir.toString()).at("/snapshot").asString()).isEqualTo(old.toString());
    }

    @Test
    void lessThanHalfOfTheKeysOfAnotherIsSuspicious() throws IOException {
        var full = add("20260606T000000Z", keys(installation(0), 3, 20), 20);
        var half = keys(installation(0), 3, 20);
        for (var revision = 3; revision <= 12; revision++) {
            half.at(18 + revision).delete("/otherix/networks/n" + revision);
        }
        add("20260606T000100Z", half, 30);
        assertThat(json(dir.toString()).at("/revision").asInt()).isEqualTo(30);
        add("20260606T000200Z", half.at(31).delete("/otherix/networks/n13"), 31);
        refused(
                plan(dir.toString()),
                "has the highest revision, 31, but only 9 live keys, and otherix-20260606T000000Z.db has 20");
        assertThat(json(full.toString()).at("/revision").asInt()).isEqualTo(20);
    }

    @Test
    void snapshotsWithDifferentHistoriesAreNotMixed() throws IOException {
        add("20260606T000000Z", keys(installation(0), 3, 12), 12);
        add("20260606T000100Z", keys(installation(0).at(3).put("/otherix/networks/x", "{}"), 4, 13), 13);
        refused(
                plan(dir.toString()),
                "otherix-20260606T000000Z.db and otherix-20260606T000100Z.db have different histories");
    }

    @Test
    void aTimeTakesASnapshotThatHoldsIt() throws IOException {
        var past = keys(installation(0), 3, 20);
        var old = recorded.add(
                "20260606T010000Z",
                past,
                1,
                20,
                "2026-06-06T00:50:00Z 10",
                "2026-06-06T00:54:00Z 14",
                "2026-06-06T01:00:00Z 20");
        add("20260606T020000Z", keys(installation(0), 3, 30), 30);
        var plan = json(dir.toString(), "--to-time", "2026-06-06T00:52:00Z", "--host", "a=https://127.0.0.1:2380");
        assertThat(plan.at("/snapshot").asString()).isEqualTo(old.toString());
        assertThat(plan.at("/revision").asInt()).isEqualTo(10);
        assertThat(plan.at("/will_happen/revision").asInt()).isEqualTo(10);
        assertThat(plan.at("/data_until").asString()).isEqualTo("2026-06-06T00:50:00Z");
        assertThat(plan.at("/passed_over/0/reason").asString()).contains("does not show when its revisions were");
        assertThat(plan.at("/hosts/0/commands").toString()).contains("--to-revision 10");
        var text = plan(dir.toString(), "--to-time", "2026-06-06T00:52:00Z");
        assertThat(text.err()).contains("is revision 10, known from 2026-06-06T00:50:00Z, 2m before");
        assertThat(text.out()).contains("lost        everything written after 2026-06-06T00:50:00Z, ");
        refused(
                plan(dir.toString(), "--to-time", "2026-06-05T00:00:00Z"),
                "no snapshot can be restored to 2026-06-05T00:00:00Z, of these:",
                "its times are known from 2026-06-06T00:50:00Z (revision 10) to");
    }

    @Test
    void theFirstHostIsRestoredAndTheOthersJoinAfterTheQuarantine() throws IOException {
        var file = add("20260606T000000Z", keys(installation(0), 3, 10), 10);
        var args = new ArrayList<>(List.of(dir.toString()));
        args.addAll(List.of(TWO_HOSTS));
        var plan = json(args.toArray(String[]::new));
        var first = commands(plan, 0);
        var second = commands(plan, 1);
        var fingerprint = authorities.get(0).fingerprint();
        assertThat(plan.at("/hosts/0/name").asString()).isEqualTo("otherix-0");
        assertThat(plan.at("/hosts/1/peer_url").asString()).isEqualTo("https://192.0.2.12:2380");
        assertThat(first.getFirst()).isEqualTo("systemctl mask --now otherix-api otherix-etcd-backup");
        assertThat(first.get(1))
                .startsWith("otherix-etcd-backup restore " + file + " ")
                .contains(
                        "--data-dir /var/lib/otherix/etcd --move-old-aside",
                        "--name otherix-0 --peer-url https://127.0.0.1:2380",
                        "--cluster-token restored-",
                        "--ca-dir /var/lib/otherix/ca",
                        "--ca-fingerprint " + fingerprint,
                        "--owner otherix:otherix")
                .doesNotContain("--initial-cluster ", "--to-revision");
        assertThat(order(
                        first,
                        "mask --now",
                        " restore ",
                        "OTHERIX_AGENT_SERVER__ENABLED=false",
                        "enable --now otherix-api",
                        "/readyz",
                        "/^# end of the quarantine$/d",
                        "restart otherix-api",
                        "join-token create",
                        "enable --now otherix-etcd-backup"))
                .isTrue();
        assertThat(first.stream().filter(command -> command.contains("AGENT_SERVER__ENABLED=false \\")))
                .singleElement()
                .asString()
                .contains("OTHERIX_WORKERS__ENABLED=false");
        assertThat(second).noneMatch(command -> command.contains(" restore ") || command.startsWith("scp"));
        assertThat(second.get(1)).isEqualTo("grep -i jwt_secret /etc/otherix/api.env | sha256sum");
        assertThat(second.get(2)).contains("/var/lib/otherix/etcd", "/var/lib/otherix/ca", "mv -T");
        assertThat(second.get(3))
                .startsWith("(\nset -e\notherix-api join ")
                .contains("--cp-url https://127.0.0.1:8443", "--ca-fingerprint " + fingerprint, "--name otherix-1")
                .endsWith("\nsystemctl enable --now otherix-api\n)");
        assertThat(second.getLast()).contains("otherix-etcd-backup");
    }

    @Test
    void theCommandsDoWhatTheySay(@TempDir Path host) throws IOException {
        add("20260606T000000Z", keys(installation(0), 3, 10), 10);
        var args = new ArrayList<>(List.of(dir.toString()));
        args.addAll(List.of(TWO_HOSTS));
        var plan = json(args.toArray(String[]::new));
        var env = Files.writeString(host.resolve("api.env"), "OTHERIX_CLIENT=1\nSECRET=1");
        run(commands(plan, 0), "printf ", env);
        assertThat(env).hasContent("""
                OTHERIX_CLIENT=1
                SECRET=1
                # quarantine after a restore
                OTHERIX_AGENT_SERVER__ENABLED=false
                OTHERIX_WORKERS__ENABLED=false
                # end of the quarantine
                """);
        assertThat(run(commands(plan, 0), "/^# end of the quarantine$/d", env)).isEqualTo(RESTART);
        assertThat(env).hasContent("OTHERIX_CLIENT=1\nSECRET=1\n");

        Files.createDirectories(host.resolve("etcd/member"));
        Files.createDirectories(host.resolve("ca"));
        Files.writeString(host.resolve("ca/initial-cluster"), "old");
        var move = commands(plan, 1).get(2).replace("/var/lib/otherix/", host + "/");
        assertThat(Command.of("bash", "-c", move).run().exitCode()).isZero();
        assertThat(host.resolve("etcd")).doesNotExist();
        assertThat(host.resolve("ca")).doesNotExist();
        assertThat(host).isDirectoryContaining("glob:**/etcd.before-join-*");
        // nothing is there any more, and that is fine
        assertThat(Command.of("bash", "-c", move).run().exitCode()).isZero();
    }

    private static String run(List<String> commands, String part, Path env) {
        var run = played(commands, part, env);
        assertThat(run.exitCode()).as(run.output() + run.errors()).isZero();
        return run.output();
    }

    private static Command.Result played(List<String> commands, String part, Path env) {
        var command =
                commands.stream().filter(one -> one.contains(part)).findFirst().orElseThrow();
        return Command.of(
                        "bash",
                        "-c",
                        PLAYED
                                + command.replace("/etc/otherix/api.env", env.toString())
                                        .replace("/var/lib/otherix/", env.getParent() + "/"))
                .run();
    }

    @Test
    void aStepStopsAtItsFirstError(@TempDir Path host) throws IOException {
        add("20260606T000000Z", keys(installation(0), 3, 10), 10);
        var args = new ArrayList<>(List.of(dir.toString()));
        args.addAll(List.of(TWO_HOSTS));
        var plan = json(args.toArray(String[]::new));
        var missing = host.resolve("api.env");
        var quarantine = played(commands(plan, 0), "printf ", missing);
        assertThat(quarantine.exitCode()).isOne();
        assertThat(quarantine.output()).contains("STOP: " + missing + " is missing");
        assertThat(missing).doesNotExist();

        var env = Files.writeString(missing, "OTHERIX_AGENT_SERVER__ENABLED=false\n");
        var end = played(commands(plan, 0), "/^# end of the quarantine$/d", env);
        assertThat(end.exitCode()).isOne();
        assertThat(end.output()).contains("STOP: ").doesNotContain(RESTART);

        var refused = played(commands(plan, 1), "otherix-api join", env);
        assertThat(refused.exitCode()).isOne();
        assertThat(refused.output()).isEqualTo("otherix-api join\n");

        var open = played(commands(plan, 0), "readyz", env);
        assertThat(open.exitCode()).isOne();
        assertThat(open.output()).contains("STOP: port 8443 is open").doesNotContain("member list");
    }

    @Test
    void whatIsRunElsewhereAndWhatAPersonHasToDoIsACommentForTheHost() throws IOException {
        var file = add("20260606T000000Z", keys(installation(0), 3, 10), 10);
        var args = new ArrayList<>(List.of(dir.toString(), "--all-at-once"));
        args.addAll(List.of(TWO_HOSTS));
        var record = file.resolveSibling("otherix-20260606T000000Z.json");
        assertThat(lines(json(args.toArray(String[]::new)), 1))
                .startsWith(
                        "# copy the snapshot and its record to otherix-1, so or in any other way,"
                                + " on the machine of this plan:",
                        "# scp -p " + file + " " + record + " root@192.0.2.12:/root/",
                        "# stop and mask otherix-api and the backup service",
                        "systemctl mask --now otherix-api otherix-etcd-backup")
                .contains("# end the quarantine, when you have compared");
        assertThat(plan(args.toArray(String[]::new)).out())
                .contains("1. this machine: copy the snapshot and its record to otherix-1");
    }

    @Test
    void theTimeOfAFileWithoutARecordIsNotThatOfItsCopy() throws IOException {
        recorded.cluster("a1");
        add("20260606T000000Z", keys(installation(0), 3, 20), 20);
        var copied = keys(installation(0), 3, 10).write(dir.resolve("otherix-from-survivor.db"));
        assertThat(json(dir.toString()).at("/revision").asInt()).isEqualTo(20);
        var plan = json(copied.toString());
        assertThat(plan.at("/data_until").isNull()).isTrue();
        assertThat(plan(copied.toString()).out())
                .contains("everything written after the snapshot; time not known: no record is beside it");
    }

    @Test
    void aDirectoryWithoutASnapshotIsNotPassedOverSilently(@TempDir Path other) throws IOException {
        add("20260606T000000Z", keys(installation(0), 3, 20), 20);
        Files.writeString(other.resolve("from-dead-member.db"), "not looked at");
        assertThat(plan(dir.toString(), other.toString()).out())
                .contains("Passed over:", other + ": no otherix-*.db is in this directory; name a file");
    }

    @Test
    void allAtOnceIsOneRestoreWithOneTokenForAll() throws IOException {
        add("20260606T000000Z", keys(installation(0), 3, 10), 10);
        var args = new ArrayList<>(List.of(dir.toString(), "--all-at-once"));
        args.addAll(List.of(TWO_HOSTS));
        var plan = json(args.toArray(String[]::new));
        var first = commands(plan, 0).get(1);
        var second = commands(plan, 1);
        assertThat(second.getFirst()).startsWith("systemctl mask --now");
        assertThat(second.get(1)).startsWith("otherix-etcd-backup restore /root/otherix-20260606T000000Z.db ");
        var cluster = "--initial-cluster otherix-0=https://127.0.0.1:2380,otherix-1=https://192.0.2.12:2380";
        assertThat(List.of(first, second.get(1))).allMatch(restore -> restore.contains(cluster));
        assertThat(token(first)).isEqualTo(token(second.get(1))).matches("restored-[0-9a-f]{16}");
        assertThat(commands(json(args.toArray(String[]::new)), 0).get(1)).doesNotContain(token(first));
        assertThat(commands(plan, 0)).noneMatch(command -> command.contains("join"));
        var text = plan(args.toArray(String[]::new)).out();
        assertThat(text.lastIndexOf(" restore /")).isLessThan(text.indexOf("start, all within a minute"));
    }

    @Test
    void whatAgentsAndWorkersWillDoIsReadFromTheState() throws IOException {
        var state = installation(0)
                .at(3)
                .put("/otherix/nodes/n1", "{\"ID\":\"n1\",\"Name\":\"rack-1\",\"Status\":\"ready\",\"DeletedAt\":null}")
                .put("/otherix/nodes/n2", "{\"ID\":\"n2\",\"Name\":\"gone\",\"DeletedAt\":\"2026-06-01T00:00:00Z\"}")
                .put("/otherix/vms/v1", vm("web", "running", "n1", null))
                .put("/otherix/vms/v2", vm("db", "stopped", "n1", null))
                .put("/otherix/vms/v3", vm("old", "deleted", "n9", null))
                .put("/otherix/vms/v4", vm("was", "deleted", "n1", "2026-06-01T00:00:00Z"))
                .put("/otherix/vms/v5", "{\"name\":\"new\",\"desired_phase\":\"running\",\"pinned_node_id\":null}")
                .put("/otherix/vms/v6", "hidden-secret")
                .put("/otherix/vms/v7", "{\"Name\":\"odd\",\"CloudInit\":\"hidden-secret\"}")
                .put("/otherix/jobs/00000000000000000001", "{\"id\":1,\"kind\":\"vm.create\",\"state\":\"pending\"}")
                .put("/otherix/jobs/00000000000000000002", "{\"id\":2,\"kind\":\"vm.create\",\"state\":\"running\"}")
                .put("/otherix/jobs/00000000000000000003", "{\"id\":3,\"kind\":\"vm.delete\",\"state\":\"pending\"}")
                .put("/otherix/jobs/00000000000000000004", "{\"id\":4,\"kind\":\"vm.delete\",\"state\":\"failed\"}")
                .put("/otherix/jobs/00000000000000000005", "{\"id\":5,\"state\":[\"hidden-secret\"]}")
                .put("/otherix/snapshots/s1", "{\"ID\":\"s1\",\"Name\":\"before\",\"DeletedAt\":null}")
                .at(4)
                .put("/otherix/jobs/00000000000000000006", "{\"id\":6,\"kind\":\"vm.create\",\"state\":\"pending\"}");
        add("20260606T000000Z", state, 4);
        var happens = json(dir.toString()).at("/will_happen");
        assertThat(happens).isEqualTo(JsonMapper.shared().readTree("""
                {"revision":4,
                 "jobs":{"pending":{"vm.create":2,"vm.delete":1},"running":{"vm.create":1}},
                 "vms":{"deleted":{"count":1,"first":[{"id":"v3","name":"old"}]},
                        "stopped":{"count":1,"first":[{"id":"v2","name":"db"}]},
                        "pinned":[
                          {"node_id":"n1","node":"rack-1","vms":{"count":2,
                           "first":[{"id":"v1","name":"web"},{"id":"v2","name":"db"}]}},
                          {"node_id":"n9","node":null,"vms":{"count":1,"first":[{"id":"v3","name":"old"}]}}],
                        "not_pinned":2,"deleted_before":1},
                 "disk_snapshots":{"count":1,"first":[{"id":"s1","name":"before"}]},
                 "nodes":{"count":1,"first":[{"id":"n1","name":"rack-1"}]},
                 "unreadable":{"jobs":1,"vms":2}}
                """));
        var text = plan(dir.toString()).out();
        assertThat(text)
                .contains(
                        "jobs that run: 2 vm.create, 1 vm.delete",
                        "on rack-1 n1: 2",
                        "v1  web",
                        "WARNING: 2 rows of vms could not be understood",
                        "Which hosts shall run otherix-api?",
                        "jwt_secret in /etc/otherix/api.env")
                .doesNotContain("hidden-secret", "PRIVATE KEY", "KeyPem", "otherix-etcd-backup restore /");
        assertThat(text.lines())
                .allSatisfy(line -> assertThat(line.replace(dir.toString(), "")).hasSizeLessThanOrEqualTo(100));
    }

    private static String vm(String name, String phase, String node, @Nullable String deletedAt) {
        return "{\"Name\":\"%s\",\"DesiredPhase\":\"%s\",\"PinnedNodeID\":\"%s\",\"DeletedAt\":%s,\"Labels\":{\"a\":[1]}}"
                .formatted(name, phase, node, deletedAt == null ? null : "\"" + deletedAt + "\"");
    }

    @Test
    void longListsEndInTheNumberOfTheOthers() throws IOException {
        var state = installation(0).at(3);
        for (var i = 0; i < 1_100; i++) {
            state.put("/otherix/vms/%06d".formatted(i), vm("vm-" + i, "stopped", "n1", null));
        }
        for (var i = 0; i < 30; i++) {
            state.put("/otherix/vms/x%02d".formatted(i), vm("old-" + i, "deleted", "n2", null));
        }
        add("20260606T000000Z", state, 3);
        var stopped = json(dir.toString()).at("/will_happen/vms/stopped");
        assertThat(stopped.at("/count").asInt()).isEqualTo(1_100);
        assertThat(stopped.at("/first").size()).isEqualTo(1_000);
        // each one that is deleted with its disks is named
        assertThat(plan(dir.toString()).out())
                .contains("and 1080 more, of which -o json shows 980")
                .contains(
                        "VMs deleted with their disks: 30\n    x00  old-0\n", "    x29  old-29\n  - VMs stopped: 1100");
    }

    @Test
    void pathsAndCaAreThoseOfThisMachine(@TempDir Path machine) throws IOException {
        var snapshot = add("20260606T000000Z", keys(installation(0), 3, 10), 10);
        var yaml = machine.resolve("api.yaml");
        var certificate = machine.resolve("pki/cluster-ca.crt");
        Files.createDirectories(machine.resolve("pki"));
        Files.writeString(certificate, authorities.get(0).certificatePem());
        Files.writeString(yaml, "etcd: {data_dir: /srv/etcd}\ncluster_ca: {cert_file: \"" + certificate + "\"}\n");
        assertThat(planHere(yaml, snapshot))
                .contains("on this machine " + certificate + " is the same")
                .contains("--data-dir /srv/etcd --move-old-aside", "--ca-dir " + certificate.getParent() + " ");
        Files.writeString(certificate, authorities.get(1).certificatePem());
        assertThat(planHere(yaml, snapshot))
                .contains("is another one, " + authorities.get(1).fingerprint() + ";");
        Files.delete(yaml);
        Files.createDirectory(yaml);
        assertThat(planHere(yaml, snapshot))
                .contains(yaml + " is a directory; the paths of the plan are otherix's defaults");
        Files.delete(yaml);
        Files.writeString(yaml, "etcd: [");
        assertThat(planHere(yaml, snapshot))
                .contains(
                        "is not valid YAML",
                        "; the paths of the plan are otherix's defaults",
                        "--data-dir /var/lib/otherix/etcd");
    }

    private static String planHere(Path yaml, Path snapshot) {
        var out = new StringWriter();
        var printer = new PrintWriter(out);
        var bar = ProgressBar.onStandardError(printer, () -> {});
        var files = new PastFiles(printer, bar, new Waits(printer), Clock.systemUTC(), OffsitePlaces.NONE);
        var command = new RestorePlanCommand(printer, files, Clock.systemUTC(), yaml);
        var exitCode = new CommandLine(command).execute(snapshot.toString(), "--host", "a=https://127.0.0.1:2380");
        assertThat(exitCode).as(out.toString()).isZero();
        return out.toString();
    }

    @Test
    void whereNothingCanBeRestoredItSaysWhy() throws IOException {
        refused(plan(dir.toString()), "no snapshot can be restored, of these:", dir + ": no otherix-*.db is in");
        var damaged = add("20260606T020000Z", keys(installation(0), 3, 30), 30);
        damage(damaged);
        refused(plan(dir.toString()), "no snapshot can be restored, of these:", damaged + ": ");
        refused(plan(damaged.toString()), "has findings");
        var missing = plan(dir.resolve("missing").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("it does not exist");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            --host a, --host a is not NAME=PEER_URL
            --host =https://10.0.0.1:2380, is not NAME=PEER_URL
            --host a=https://10.0.0.1, has no port
            --host a=https://10.0.0.1:2380 --host a=https://10.0.0.2:2380, has the name a twice
            --host a=https://10.0.0.1:2380 --host b=https://10.0.0.1:2380, has the URL https://10.0.0.1:2380 twice
            --all-at-once, "--all-at-once is for several hosts, and 0 are named"
            --to-time yesterday, --to-time yesterday
            --to-time 812, --to-time 812
            """)
    void whatIsMistypedIsBadUsage(String options, String said) {
        var args = new ArrayList<>(List.of(dir.toString()));
        args.addAll(List.of(options.split(" ")));
        var run = plan(args.toArray(String[]::new));
        assertThat(run.err()).contains(said);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void aLargeDirectoryIsReadFileByFile() throws IOException {
        var past = installation(0);
        for (var i = 0; i < 200; i++) {
            keys(past, 3 + i, 3 + i);
            add("20260606T%02d%02d00Z".formatted(i / 60, i % 60), past, 3 + i);
        }
        var plan = json(dir.toString());
        assertThat(plan.at("/snapshot").asString()).endsWith("otherix-20260606T031900Z.db");
        assertThat(plan.at("/reason").asString()).isEqualTo("has the highest revision, 202, of 200 proven snapshots");
    }

    /** Without the titles of the steps. */
    private static List<String> commands(JsonNode plan, int host) {
        return lines(plan, host).stream().filter(line -> !line.startsWith("#")).toList();
    }

    private static List<String> lines(JsonNode plan, int host) {
        return plan.at("/hosts/" + host + "/commands")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private static boolean order(List<String> commands, String... parts) {
        var all = String.join("\n", commands);
        var at = -1;
        for (var part : parts) {
            var next = all.indexOf(part, at + 1);
            assertThat(next).as(part).isGreaterThan(at);
            at = next;
        }
        return true;
    }

    private static String token(String restore) {
        return restore.replaceFirst("(?s).*--cluster-token ([^ ]+).*", "$1");
    }

    private static void damage(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), channel.size() - 10);
        }
    }
}
