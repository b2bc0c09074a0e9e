package dev.otherix.backup.cli;

import static dev.otherix.backup.cli.Gateway.delete;
import static dev.otherix.backup.cli.Gateway.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code undo --apply} with a real member and the service beside it. */
@NeedsEtcd
class UndoApplyIT {

    @TempDir
    private Path dir;

    private EtcdProcess etcd;
    private Gateway gateway;
    private RunningService service;
    private Path snapshots;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        gateway = new Gateway(etcd);
        snapshots = dir.resolve("snapshots");
        service = RunningService.start(
                etcd.clientUrl(),
                snapshots,
                "--workers.backup.enabled=false",
                "--audit.file=" + dir.resolve("audit.log"));
    }

    @AfterEach
    void stop() {
        service.close();
        gateway.close();
        etcd.close();
    }

    @Test
    void aWrongDeleteIsUndoneAndTheRestStaysAsItIs() throws IOException {
        var lease = gateway.lease(600);
        gateway.txn(List.of(put("/otherix/users/1", "ann"), put("/otherix/uniq/users/username/ann", "1")));
        gateway.txn(List.of(put("/otherix/users/2", "bob"), put("/otherix/nodes/1", "up", lease)));
        var before = gateway.state();
        var first = gateway.txn(List.of(
                put("/otherix/users/1", "ann, deleted"),
                delete("/otherix/uniq/users/username/ann"),
                put("/otherix/nodes/1", "down", lease)));
        gateway.txn(List.of(put("/otherix/users/1", "ann, wrong"), put("/otherix/tokens/1", "x")));
        var last = gateway.txn(List.of(delete("/otherix/users/1"), delete("/otherix/users/2")));
        before.put("/otherix/nodes/1", "down " + lease);
        takeSnapshot();
        before.put("/otherix/networks/1", "later 0");
        var later = gateway.txn(List.of(put("/otherix/networks/1", "later")));

        assertThat(undo("--revision", first + "," + (first + 1) + "," + last)).isZero();

        assertThat(gateway.state()).isEqualTo(before);
        assertThat(gateway.revisions()).containsEntry("/otherix/networks/1", later);
        assertThat(err.toString())
                .contains("which is pinned", "revision " + last + " is undone in revision ")
                .doesNotContain("ann");
        assertThat(out.toString()).contains("leased    /otherix/nodes/1: left out");
        assertThat(records()
                        .filter(record -> record.contains("\"before undo\"") && record.contains("\"pinned\":true"))
                        .toList())
                .hasSize(1);

        assertThat(undone(3))
                .containsExactly(
                        List.of("admin", "admin", "done", last, later + 1, 2, 0),
                        List.of("admin", "admin", "done", first + 1, later + 2, 0, 1),
                        List.of("admin", "admin", "done", first, later + 3, 1, 0));
        assertThat(Files.readString(dir.resolve("audit.log"))).doesNotContain("ann", "/otherix/users");

        out = new StringWriter();
        assertThat(undo("--revision", first + "," + (first + 1) + "," + last, "-o", "json"))
                .as("what is undone already is left out")
                .isZero();
        var json = JsonMapper.shared().readTree(out.toString());
        assertThat(json.get("applied").asInt()).isZero();
        assertThat(json.at("/transactions/0/left_out").asString()).isEqualTo("is undone already");
    }

    @Test
    void withAConflictNothingIsWritten() throws IOException {
        gateway.txn(List.of(put("/otherix/users/1", "ann"), put("/otherix/users/2", "bob")));
        var accident = gateway.txn(List.of(delete("/otherix/users/1"), delete("/otherix/users/2")));
        var other = gateway.txn(List.of(put("/otherix/users/3", "x")));
        takeSnapshot();
        var changed = gateway.txn(List.of(put("/otherix/users/2", "somebody else")));
        var before = gateway.state();
        var files = records().count();

        assertThat(undo("--revision", String.valueOf(accident))).isEqualTo(1);

        assertThat(out.toString()).contains("conflict  /otherix/users/2: changed since, in revision " + changed);
        assertThat(err.toString()).contains("nothing was written");
        assertThat(gateway.state()).isEqualTo(before);
        assertThat(records().count()).as("no snapshot was needed").isEqualTo(files);

        assertThat(undo("--from", String.valueOf(accident - 1), "--skip-conflicts"))
                .isZero();
        before.remove("/otherix/users/3");
        assertThat(gateway.state()).isEqualTo(before);
        assertThat(err.toString()).contains("revision " + other + " is undone");
    }

    @Test
    void aKeyThatWasDeletedSinceIsAConflictToo() throws IOException {
        var accident = gateway.txn(List.of(put("/otherix/users/1", "ann"), put("/otherix/users/2", "x")));
        accident = gateway.txn(List.of(put("/otherix/users/1", "y"), put("/otherix/users/2", "y")));
        takeSnapshot();
        gateway.txn(List.of(delete("/otherix/users/2")));
        assertThat(undo("--revision", String.valueOf(accident))).isEqualTo(1);
        assertThat(out.toString()).contains("conflict  /otherix/users/2: deleted since");
    }

    @Test
    void aMemberOfAnotherClusterIsRefused() throws IOException {
        gateway.txn(List.of(put("/otherix/users/1", "ann")));
        var accident = gateway.txn(List.of(delete("/otherix/users/1")));
        takeSnapshot();
        try (var other = EtcdProcess.start(EtcdHomes.first());
                var others = new Gateway(other)) {
            others.txn(List.of(put("/otherix/users/1", "ann")));
            others.txn(List.of(delete("/otherix/users/1")));
            var state = others.state();
            assertThat(undoAt(other, "--revision", String.valueOf(accident))).isEqualTo(1);
            assertThat(err.toString()).contains(" is of the cluster ", "; nothing was written");
            assertThat(others.state()).isEqualTo(state);
        }
    }

    @Test
    void aMemberWithAnotherCaIsRefused() throws IOException {
        gateway.txn(List.of(put("/otherix/users/1", "ann")));
        var accident = gateway.txn(List.of(delete("/otherix/users/1")));
        takeSnapshot();
        var ca = ClusterCa.generate();
        gateway.txn(List.of(
                put(ClusterCa.ACTIVE_KEY, ca.id()),
                put(ca.rowKey(), JsonMapper.shared().writeValueAsString(ca.row()))));
        assertThat(undo("--revision", String.valueOf(accident))).isEqualTo(1);
        assertThat(err.toString()).contains(" has the cluster CA none, the member has " + ca.fingerprint());
        takeSnapshot();
        assertThat(undo("--revision", String.valueOf(accident))).isZero();
    }

    @Test
    void aFileOfAnUnknownClusterIsRefused() throws IOException {
        gateway.txn(List.of(put("/otherix/users/1", "ann")));
        var accident = gateway.txn(List.of(delete("/otherix/users/1")));
        var file = dir.resolve("a.db");
        etcd.etcdctl("snapshot", "save", file.toString());
        assertThat(run(etcd, file, "--revision", String.valueOf(accident))).isEqualTo(1);
        assertThat(err.toString()).contains("nothing shows that " + file + " is of the member's cluster");
    }

    @Test
    void withoutTheMemberNothingIsWritten() throws IOException {
        gateway.txn(List.of(put("/otherix/users/1", "ann")));
        var accident = gateway.txn(List.of(delete("/otherix/users/1")));
        takeSnapshot();
        etcd.kill();
        assertThat(undo("--revision", String.valueOf(accident))).isEqualTo(1);
        assertThat(err.toString()).contains("cannot reach etcd at ", "; nothing was written");
    }

    @Test
    void aServiceThatCannotPutItIntoItsAuditLogStopsTheUndo() throws IOException {
        gateway.txn(List.of(put("/otherix/users/1", "ann"), put("/otherix/users/2", "bob")));
        var first = gateway.txn(List.of(delete("/otherix/users/1")));
        var last = gateway.txn(List.of(delete("/otherix/users/2")));
        takeSnapshot();
        whenSaid("revision " + last + " is undone in revision ", () -> service.close());

        assertThat(undo("--from", String.valueOf(first - 1))).isEqualTo(1);

        assertThat(err.toString())
                .contains(
                        "revision " + last + " is undone, but the audit log lacks it: nothing answers at ",
                        "Undone with it: 1, after it: none",
                        "To add the line later: curl -fsS http://127.0.0.1:",
                        "-d '{\"undone_revision\":" + last + ",\"revision\":" + (last + 1)
                                + ",\"puts\":1,\"deletes\":0}'");
        assertThat(gateway.state()).containsKey("/otherix/users/2").doesNotContainKey("/otherix/users/1");
        assertThat(undone(0)).isEmpty();
    }

    @Test
    void whatWasBegunIsFinishedByTheSameCommandAlsoWithANewerSnapshot() throws IOException {
        gateway.txn(List.of(put("/otherix/users/1", "ann"), put("/otherix/users/2", "bob")));
        var before = gateway.state();
        var first = gateway.txn(List.of(delete("/otherix/users/1"), put("/otherix/users/2", "x")));
        var last = gateway.txn(List.of(delete("/otherix/users/2"), put("/otherix/users/3", "y")));
        takeSnapshot();
        whenSaid("revision " + last + " is undone in revision ", etcd::kill);
        var command = new String[] {"--revision", first + "," + last};
        assertThat(undo(command)).isEqualTo(1);
        assertThat(err.toString())
                .contains(
                        "revision " + first + " may be undone or not: ",
                        "Undone before it: 1",
                        " undo " + snapshots.resolve("otherix-"),
                        " --revision " + first + "," + last + " --apply");
        etcd.restart();
        takeSnapshot();

        err = new StringWriter();
        out = new StringWriter();
        assertThat(undo(command)).as(err.toString()).isZero();

        assertThat(out.toString()).contains("left out: it is undone already");
        assertThat(gateway.state()).isEqualTo(before);
        takeSnapshot();
        out = new StringWriter();
        assertThat(undo("--from", String.valueOf(first - 1), "-o", "json")).isZero();
        assertThat(JsonMapper.shared().readTree(out.toString()).get("applied").asInt())
                .as("nothing is left to do")
                .isZero();
        assertThat(gateway.state()).isEqualTo(before);

        gateway.txn(List.of(delete("/otherix/users/2")));
        assertThat(undo(command)).as("changed after the newest snapshot").isEqualTo(1);
        assertThat(gateway.state()).doesNotContainKey("/otherix/users/2");
        assertThat(err.toString()).contains("keys that were changed since: 1");
    }

    /** The lines of the audit log about undone transactions; they are written a moment after the answer. */
    private List<List<Object>> undone(int count) throws IOException {
        Awaitility.await().until(() -> lines().size() >= count);
        return lines();
    }

    private List<List<Object>> lines() throws IOException {
        return Files.readAllLines(dir.resolve("audit.log")).stream()
                .map(JsonMapper.shared()::readTree)
                .filter(line -> line.path("event").asString().equals("undo"))
                .<List<Object>>map(line -> List.of(
                        line.path("by").asString(),
                        line.path("scope").asString(),
                        line.path("outcome").asString(),
                        line.path("undone_revision").asLong(),
                        line.path("revision").asLong(),
                        line.path("puts").asInt(),
                        line.path("deletes").asInt()))
                .toList();
    }

    private void whenSaid(String text, Runnable then) {
        err = new StringWriter() {
            @Override
            public void write(String line, int from, int length) {
                super.write(line, from, length);
                if (line.contains(text)) {
                    then.run();
                }
            }
        };
    }

    private void takeSnapshot() {
        assertThat(service.post("/v1/snapshots?wait=1m", "{}").statusCode()).isEqualTo(201);
    }

    private Stream<String> records() throws IOException {
        try (var files = Files.newDirectoryStream(snapshots, "otherix-*.json")) {
            var texts = new ArrayList<String>();
            for (var file : files) {
                texts.add(JsonMapper.shared().readTree(Files.readString(file)).toString());
            }
            return texts.stream();
        }
    }

    private int undo(String... options) {
        return undoAt(etcd, options);
    }

    private int undoAt(EtcdProcess member, String... options) {
        return run(member, snapshots, options);
    }

    private int run(EtcdProcess member, Path file, String... options) {
        var args = new ArrayList<>(List.of("undo", file.toString(), "--apply", "--etcd.client_url=mine"));
        args.addAll(Arrays.asList(options));
        var url = service.url("");
        return new Commands(
                        _ -> new Service(
                                new ListenAddress(url.getHost(), url.getPort()),
                                service.tokenFile(),
                                new TlsProperties(null, null, null)),
                        _ -> Optional.empty(),
                        settings -> {
                            assertThat(settings).containsExactly("--etcd.client_url=mine");
                            return new EtcdMember(
                                    new EtcdProperties(URI.create(member.clientUrl()), null, null, null, null, null));
                        },
                        OffsitePlaces.NONE,
                        new Commands.Printed(
                                new PrintWriter(out, true),
                                new PrintWriter(err, true),
                                OutputStream.nullOutputStream()),
                        Duration.ofSeconds(1))
                .run(args.toArray(String[]::new));
    }
}
