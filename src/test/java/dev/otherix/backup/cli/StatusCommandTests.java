package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.realetcd.PrivateFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** One scripted answer for both questions: it holds the fields of both. */
class StatusCommandTests {

    private static final String TOKEN = "oeb_0123456789abcdefghij";
    private static final Clock NOW = Clock.fixed(Instant.parse("2026-06-06T05:27:30Z"), ZoneOffset.UTC);
    private static final String ANSWER = """
            {"status": "%s", "details": {"reason": "%s"},
             "enabled": %s, "interval": "6h", "dir": "/var/lib/otherix-backup/snapshots", "retention": 7,
             "last_success": {"name": "otherix-20260606T031500Z.db", "created_at": "2026-06-06T03:15:00.5Z"},
             "last_attempt": null, "next_due_at": "2026-06-06T09:15:00.5Z", "next_attempt_at": null, "overdue": false, "running": null,
             "etcd": {"reachable": true, "version": "3.6.14", "role": "leader"},
             "directory": {"writable": true, "free_bytes": 13207024435, "required_bytes": 1181116006, "shared": false},
             "restorable": {"since": "2026-06-06T02:10:00.5Z", "until": "2026-06-06T03:15:00.7Z",
                            "holes": [{"from": "2026-06-05T21:15:00Z", "until": "2026-06-06T02:10:00.5Z"}]}}
            """;
    private static final String REASON =
            "the last backup succeeded; nothing to do, the next is due at 2026-06-06T09:15:00Z";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path temporary;

    private static final String DRILL = ANSWER.replace("\"restorable\"", "\"drill\": %s, \"restorable\"");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"last": null, "next_due_at": null}                                     | none yet
            {"last": null, "next_due_at": "2026-06-06T05:27:30Z"}                   | none yet; due since 2026-06-06T05:27:30Z
            {"last": null, "next_due_at": "2026-06-06T05:27:31Z"}                   | none yet; the next in 1s (2026-06-06T05:27:31Z)
            {"enabled": false, "last": null, "next_due_at": null, "skipped": null}  | off
            {"enabled": false, "last": {"finished_at": "2026-06-06T03:27:30Z", "outcome": "passed"}, "next_due_at": null} | passed 2h0m ago; off
            {"last": null, "next_due_at": "2026-06-03T05:27:30.5Z", "missing_after": "2026-06-06T05:27:29.5Z", "skipped": {"at": "2026-06-06T05:00:00Z", "reason": "there is no etcd to start"}} | none yet; MISSING since 2026-06-06T05:27:29Z; skipped 27m30s ago: there is no etcd to start
            {"last": {"finished_at": "2026-06-01T03:27:30Z", "outcome": "passed"}, "snapshot": "otherix-20260601T031500Z.db", "next_due_at": "2026-06-02T03:27:30Z", "missing_after": "2026-06-06T05:27:31Z", "skipped": null} | passed 5d2h ago with otherix-20260601T031500Z.db; due since 2026-06-02T03:27:30Z
            {"last": {"finished_at": "2026-06-06T03:27:30Z", "outcome": "passed", "etcd_version": "3.6.14"}, "snapshot": "otherix-20260606T031500Z.db", "next_due_at": null} | passed 2h0m ago with otherix-20260606T031500Z.db and etcd 3.6.14
            {"last": {"finished_at": "2026-06-06T03:27:30Z", "outcome": "failed", "etcd_version": "3.6.14", "detail": "etcd ended"}, "snapshot": "otherix-20260606T031500Z.db", "next_due_at": null} | FAILED 2h0m ago with otherix-20260606T031500Z.db: etcd ended
            {"last": {"finished_at": "2026-06-06T06:27:30Z", "outcome": "passed"}, "next_due_at": null} | passed 0s ago
            {"last": {"finished_at": "2026-06-06T03:27:30.5Z", "outcome": "passed", "seconds": 4.1, "etcd_version": null, "detail": null}, "next_due_at": null} | passed 1h59m ago
            {"last": {"finished_at": "2026-06-06T03:27:30Z", "outcome": "passed", "seconds": 4.1, "etcd_version": "3.6.14", "detail": null}, "next_due_at": "2026-06-07T03:27:30Z"} | passed 2h0m ago with etcd 3.6.14; the next in 22h0m (2026-06-07T03:27:30Z)
            {"last": {"finished_at": "2026-06-06T03:27:30Z", "outcome": "failed", "seconds": 4.1, "etcd_version": "3.6.14", "detail": "etcd ended"}, "next_due_at": null} | FAILED 2h0m ago: etcd ended
            """)
    void theLastDrillIsShownWithTheNext(String drill, String text) {
        var answer = DRILL.formatted("UP", REASON, true, drill);
        try (var service = new ScriptedService(200, answer)) {
            assertThat(run(service)).isZero();
        }
        assertThat(out.toString().replaceAll("\n {11}", " ")).contains("\ndrill      " + text + "\n");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void oneSentenceThenTheFactsInEightyColumns() {
        try (var service = new ScriptedService(200, ANSWER.formatted("UP", REASON, true))) {
            assertThat(run(service)).isZero();
        }
        assertThat(out.toString()).isEqualTo("""
                Backups run (UP): the last backup succeeded; nothing to do, the next is due at
                2026-06-06T09:15:00Z.

                newest     otherix-20260606T031500Z.db, 2h12m old
                next run   in 3h47m (2026-06-06T09:15:00Z)
                restorable every moment of 2026-06-06T02:10:00Z to 2026-06-06T03:15:00Z; before
                           that with 1 hole
                space      12.3 GiB free, 1.1 GiB needed for the next run
                etcd       3.6.14, leader
                directory  /var/lib/otherix-backup/snapshots
                """);
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UP,200,0", "DOWN,503,1", "OUT_OF_SERVICE,503,1", "UNKNOWN,200,3"})
    void theExitCodeIsTheState(String state, int status, int code) {
        try (var service = new ScriptedService(status, 200, ANSWER.formatted(state, "a reason", true))) {
            assertThat(run(service)).isEqualTo(code);
        }
        assertThat(out.toString()).contains("(" + state + "): a reason.");
    }

    @Test
    void whatIsNotKnownIsSaid() {
        try (var service = new ScriptedService(200, """
                {"status": "UNKNOWN", "details": {"reason": "off"}, "enabled": false, "dir": null, "last_success": null, "running": "7f",
                 "etcd": {"reachable": false}, "directory": {"writable": false, "free_bytes": null, "required_bytes": null}}
                """)) {
            assertThat(run(service)).isEqualTo(3);
        }
        assertThat(out.toString()).isEqualTo("""
                Whether backups run is not known (UNKNOWN): off.

                newest     no good snapshot
                next run   none: workers.backup.enabled is false
                restorable not known
                running    a snapshot is being taken
                space      not known; the directory is not writable
                etcd       does not answer
                directory  not set
                """);
    }

    @Test
    void eachTargetOfOffsiteCopiesIsShown() {
        var answer = ANSWER.formatted("UP", REASON, true).strip();
        try (var service = new ScriptedService(200, answer.substring(0, answer.length() - 1) + """
                , "offsite": [
                  {"target": "s3", "last_success_at": "2026-06-05T21:15:00Z", "pending": 1,
                   "error": "nothing answers at https://minio.example:9000: connection refused"},
                  {"target": "filesystem", "last_success_at": null, "pending": 0, "error": null}]}
                """)) {
            assertThat(run(service)).isZero();
        }
        assertThat(out.toString()).contains("""
                copies     s3: the newest is of a snapshot 8h12m old, 1 snapshot waits; the last
                           try failed: nothing answers at https://minio.example:9000: connection
                           refused
                copies     filesystem: none yet
                """);
    }

    @Test
    void timesOfAServiceWhoseClockIsAheadAreNow() {
        var answer = ANSWER.formatted("UP", REASON, true).replace("2026-06-06T03:15:00.5Z", "2026-06-06T05:30:00Z");
        try (var service = new ScriptedService(
                200,
                answer.strip().substring(0, answer.strip().length() - 1)
                        + ", \"offsite\": [{\"target\": \"s3\", \"last_success_at\": \"2026-06-06T05:30:00Z\"}]}")) {
            assertThat(run(service)).isZero();
        }
        assertThat(out.toString())
                .contains("newest     otherix-20260606T031500Z.db, 0s old\n")
                .contains("copies     s3: the newest is of a snapshot 0s old\n");
    }

    @Test
    void aWordThatIsLongerThanALineIsBroken() {
        var path = "/srv/" + "snapshots-of-a-cluster/".repeat(6) + "end";
        try (var service = new ScriptedService(
                200, ANSWER.formatted("UP", REASON, true).replace("/var/lib/otherix-backup/snapshots", path))) {
            assertThat(run(service)).isZero();
        }
        assertThat(out.toString().replace("\n           ", "")).contains("directory  " + path + "\n");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void anOverdueRunAndItsNextAttemptAreShown() {
        try (var service = new ScriptedService(
                503,
                200,
                ANSWER.formatted("DOWN", "overdue", true)
                        .replace(
                                "\"next_due_at\": \"2026-06-06T09:15:00.5Z\", \"next_attempt_at\": null, \"overdue\": false",
                                "\"next_due_at\": \"2026-06-06T05:00:00Z\", \"next_attempt_at\": \"2026-06-06T05:28:00Z\", \"overdue\": true"))) {
            assertThat(run(service)).isEqualTo(1);
        }
        assertThat(out.toString())
                .startsWith("BACKUPS NEED ATTENTION (DOWN): overdue.")
                .contains("""
                        next run   27m30s ago (2026-06-06T05:00:00Z), overdue, tried again in 30s
                                   (2026-06-06T05:28:00Z)
                        """);
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void jsonIsTheServicesAnswerAndItsHealth() {
        try (var service = new ScriptedService(503, 200, ANSWER.formatted("DOWN", "etcd is away", true))) {
            assertThat(run(service, "-o", "json")).isEqualTo(1);
        }
        var printed = new JsonMapper().readTree(out.toString());
        assertThat(printed.path("health").toString()).isEqualTo("{\"state\":\"DOWN\",\"reason\":\"etcd is away\"}");
        assertThat(printed.path("last_success").path("name").asString()).isEqualTo("otherix-20260606T031500Z.db");
        assertThat(printed.path("directory").path("free_bytes").asLong()).isEqualTo(13207024435L);
    }

    @Test
    void aServiceThatCannotBeAskedIsNeitherUpNorDown() {
        int port;
        try (var service = new ScriptedService(200, "<html>")) {
            port = service.address().port();
            assertThat(run(service)).isEqualTo(2);
            assertThat(err.toString()).contains("is not this service");
        }
        assertThat(run(new ListenAddress("127.0.0.1", port))).isEqualTo(2);
        assertThat(err.toString()).contains("nothing answers at http://127.0.0.1:" + port);
        try (var service = new ScriptedService(
                401, "{\"error\":{\"code\":\"unauthenticated\",\"message\":\"the token is not known\"}}")) {
            assertThat(run(service)).isEqualTo(2);
            assertThat(err.toString()).contains("the token is not known").doesNotContain(TOKEN);
        }
        assertThat(out.toString()).isEmpty();
    }

    private int run(ScriptedService service, String... args) {
        return run(service.address(), args);
    }

    private int run(ListenAddress address, String... args) {
        try {
            var token = PrivateFile.write(temporary.resolve("api-token"), TOKEN);
            var configured = new Service(address, token, new TlsProperties(null, null, null));
            var failures = new PrintWriter(err, true);
            return new CommandLine(new StatusCommand((List<String> _) -> configured, new PrintWriter(out, true), NOW))
                    .setExecutionExceptionHandler((failure, _, _) -> {
                        failures.println(failure.getMessage());
                        return ((CommandFailure) failure).exitCode();
                    })
                    .execute(args);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
