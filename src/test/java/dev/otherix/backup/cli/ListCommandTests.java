package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.snapshot.DirectoryListing;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ListCommandTests {

    private static final Instant NOW = Instant.parse("2026-06-08T04:20:30Z");
    private static final String OLD = "otherix-20260606T031500Z.db";
    private static final String LOCAL = "otherix-20260608T031500Z.db";
    private static final String NEW = "otherix-20260608T041500Z.db";
    private static final String ODD = "otherix-20260608T042000Z.db";

    @TempDir
    private Path dir;

    @Test
    void theTableSaysWhatAChoiceNeeds() throws IOException {
        fill();
        var out = new StringWriter();
        new ListingText(new PrintWriter(out), NOW).print(DirectoryListing.of(dir));
        assertThat(out.toString().replace(System.lineSeparator(), "\n"))
                .isEqualTo("""
                   NAME                           AGE      SIZE  PIN     LINEAGE           REVISION  REACHES BACK     LIVE KEYS  CONSISTENCY   STATE                       CA
                   otherix-20260608T042000Z.db    30s      64 B  -       20260608T031500Z         -  -                        -  -             unverified, no record       -
                   otherix-20260608T041500Z.db  5m30s      64 B  -       20260608T031500Z         -  -                        -  -             unverified, record damaged  -
                *  otherix-20260608T031500Z.db   1h5m      64 B  pinned  20260608T031500Z         4  to revision 640          0  local         verified                    %s
                   otherix-20260606T031500Z.db   2d1h  63.5 KiB  -       20260606T031500Z       812  to revision 640        301  linearizable  verified                    1a2b3c4d5e6f

                * the newest verified one
                Newer ones are not verified yet: "otherix-etcd-backup verify FILE" shows whether they are good.
                Lineage 20260608T031500Z: cluster aaaa, etcd 3.6.14, revisions 4 to 4, snapshots 3
                Lineage 20260606T031500Z: cluster cdf818194e3a8c32, etcd 3.6.14, revisions 812 to 812, snapshots 1
                There is more than one lineage: the newest snapshot may be of another cluster than the one that was lost.
                The newest verified one was taken under the alarm NOSPACE, which a restore brings back.
                Set aside because a check failed, not to be restored: otherix-20260601T031500Z.db.corrupt, otherix-20260607T031500Z.db.rejected
                """.formatted("1a2b3c4d5e6f differs from disk"));
    }

    @Test
    void eachRowShowsHowFarBackItReachesAndHolesAreMarkedBetweenTwo() throws IOException {
        var member = "{\"consistency\":\"linearizable\",\"alarms\":[],\"cluster_id\":\"aaaa\"}";
        var history = "{\"from_revision\":%d,\"from_time\":%s,\"marks\":[]}";
        for (var row : List.of(
                List.of("otherix-20260608T031500Z.db", 2000, 1301, history.formatted(1301, "\"2026-06-08T01:40:00Z\"")),
                List.of("otherix-20260608T022000Z.db", 1300, 1000, history.formatted(1000, "null")),
                List.of("otherix-20260607T211500Z.db", 1000, 900, "null"))) {
            var name = row.get(0).toString();
            put(name, 64);
            write(
                    name,
                    record(name, 64, "verified", (int) row.get(1), member)
                            .replace("\"lineage\":\"" + name, "\"lineage\":\"otherix-20260607T211500Z.db")
                            .replace("\"compact_revision\":640", "\"compact_revision\":" + row.get(2))
                            .replace("\"requests\":[]", "\"requests\":[],\"history\":" + row.get(3)));
        }

        var out = new StringWriter();
        new ListingText(new PrintWriter(out), NOW).print(DirectoryListing.of(dir));

        assertThat(out.toString().lines().limit(5).map(line -> line.replaceAll(" +", " ")))
                .satisfiesExactly(
                        head -> assertThat(head).contains("REVISION REACHES BACK LIVE KEYS"),
                        row -> assertThat(row).contains("otherix-20260608T031500Z.db", " 2000 1h35m 301 "),
                        hole -> assertThat(hole).isEqualTo("-- hole: revisions 1301 to 1301 are in neither"),
                        row -> assertThat(row).contains("otherix-20260608T022000Z.db", " 1300 to revision 1000 301 "),
                        row -> assertThat(row).contains("otherix-20260607T211500Z.db", " 1000 to revision 900 301 "));
    }

    @Test
    void aProgramGetsTheRecords() throws IOException {
        fill();
        var run = OfflineScene.run("list", "-o", "json", dir.toString());
        assertThat(run.exitCode()).isZero();
        var json = run.json();
        assertThat(json.propertyNames()).containsExactly("dir", "newest_restorable", "data", "set_aside");
        assertThat(json.get("newest_restorable").asString()).isEqualTo(LOCAL);
        assertThat(names(json)).containsExactly(ODD, NEW, LOCAL, OLD);
        assertThat(json.at("/data/1/kept_because").toString()).isEqualTo("[\"damaged_record\"]");
        assertThat(json.at("/data/3/etcd/cluster_id").asString()).isEqualTo("cdf818194e3a8c32");
        assertThat(json.at("/data/3").propertyNames())
                .containsExactly(
                        "name",
                        "created_at",
                        "size_bytes",
                        "sha256",
                        "revision",
                        "compact_revision",
                        "live_keys",
                        "total_entries",
                        "hash_kv",
                        "etcd",
                        "trigger",
                        "requests",
                        "history",
                        "lineage",
                        "pinned",
                        "kept_because",
                        "ca_fingerprint",
                        "verification",
                        "copies",
                        "drill");
        assertThat(json.get("set_aside")).hasSize(2);
    }

    @Test
    void nothingIsChangedBesideTheServiceThatHoldsTheDirectory() throws IOException {
        try (var _ = SnapshotDirectory.open(dir, 0L)) {
            fill();
            put("." + OLD + ".tmp", 5);
            var before = OfflineScene.state(dir);
            assertThat(OfflineScene.run("list", dir.toString()).exitCode()).isZero();
            assertThat(OfflineScene.state(dir)).isEqualTo(before);
        }
    }

    @Test
    void withoutAVerifiedSnapshotThereIsNothingToRestore() throws IOException {
        var empty = OfflineScene.run("list", dir.toString());
        assertThat(empty.exitCode()).isEqualTo(1);
        assertThat(empty.out()).isEqualTo("no snapshots in " + dir + System.lineSeparator());
        put(OLD, 64);
        var unverified = OfflineScene.run("list", dir.toString());
        assertThat(unverified.exitCode()).isEqualTo(1);
        assertThat(unverified.out())
                .contains("None of them is verified: \"otherix-etcd-backup verify " + dir + "\" checks them now.")
                .doesNotContain("*");
        assertThat(OfflineScene.run("list", "-o", "json", dir.toString())
                        .json()
                        .get("newest_restorable")
                        .isNull())
                .isTrue();
    }

    @Test
    void withoutADirectoryTheConfiguredOneIsListed() throws IOException {
        fill();
        assertThat(OfflineScene.configured(dir, "list", "--config", "backup.yaml", "--workers.backup.retention=3")
                        .out())
                .contains(OLD);
        var unset = OfflineScene.run("list");
        assertThat(unset.exitCode()).isEqualTo(2);
        assertThat(unset.err())
                .startsWith("otherix-etcd-backup: workers.backup.dir is not set")
                .contains("list DIR");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            list /nowhere                   | /nowhere does not exist
            list /dev/null/x                | /dev/null/x does not exist
            list pom.xml                    | pom.xml is a file, not a directory
            list --config backup.yaml src   | DIR cannot be combined with --config backup.yaml
            list src --foo                  | unknown option: --foo
            list src src                    | unknown argument: src
            list -o yaml src                | is neither text nor json
            """)
    void whatCannotBeListedIsTold(String args, String message) {
        var run = OfflineScene.run(args.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("otherix-etcd-backup: ")
                .contains(message)
                .doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.out()).isEmpty();
    }

    private void fill() throws IOException {
        put(OLD, 65000);
        write(
                OLD,
                record(
                        OLD,
                        65000,
                        "verified",
                        812,
                        "{\"consistency\":\"linearizable\",\"alarms\":[],\"cluster_id\":\"cdf818194e3a8c32\"}"));
        put(LOCAL, 64);
        write(
                LOCAL,
                record(
                                LOCAL,
                                64,
                                "verified",
                                4,
                                "{\"consistency\":\"local\",\"alarms\":[\"NOSPACE\"],\"cluster_id\":\"aaaa\"}")
                        .replace("\"live_keys\":301", "\"live_keys\":0")
                        .replace("\"pinned\":false", "\"pinned\":true")
                        .replace("\"passed\"", "\"failed\""));
        put(NEW, 64);
        write(NEW, "{");
        put(ODD, 64);
        put("otherix-20260607T031500Z.db.rejected", 5);
        put("otherix-20260601T031500Z.db.corrupt", 5);
        put("otherix-20260601T031500Z.json.corrupt", 5);
    }

    private void put(String name, int bytes) throws IOException {
        Files.write(dir.resolve(name), new byte[bytes]);
    }

    private void write(String name, String record) throws IOException {
        Files.writeString(dir.resolve(name.replace(".db", ".json")), record);
    }

    private static Iterable<String> names(JsonNode json) {
        return StreamSupport.stream(json.get("data").spliterator(), false)
                .map(snapshot -> snapshot.get("name").asString())
                .toList();
    }

    /** A record, its SHA-256 "5ba". */
    static String record(String name, long size, String state, long revision, String etcd) {
        var stamp = name.replaceAll(".*-(....)(..)(..)T(..)(..)(..)Z.*", "$1-$2-$3T$4:$5:$6Z");
        var member = etcd.equals("{}")
                ? "null"
                : etcd.replace("{", "{\"version\":\"3.6.14\",\"member_id\":\"8e9e\",\"role\":\"leader\",");
        return """
                {"name":"%s","created_at":"%s","size_bytes":%d,"sha256":"5ba","revision":%d,"compact_revision":640,"live_keys":301,\
                "total_entries":377,"hash_kv":1,"etcd":%s,"trigger":"schedule","requests":[],"lineage":"%s","pinned":false,\
                "kept_because":[],"ca_fingerprint":"sha256:1a2b3c4d5e6f70809000","verification":{"state":"%s","checked_at":"%s",\
                "checks":[{"name":"ca","outcome":"passed","detail":null}]}}""".formatted(name, stamp, size, revision, member, name, state, stamp);
    }
}
