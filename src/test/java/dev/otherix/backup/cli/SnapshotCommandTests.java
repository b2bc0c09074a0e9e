package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.otherix.backup.access.AccessProperties;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.api.ApiProperties;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.realetcd.PrivateFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotCommandTests {

    private static final String NAME = "otherix-20260606T031500Z.db";
    private static final String TOKEN = "a-token-that-nobody-made";
    private static final String RECORD = "{\"name\":\"" + NAME + "\",\"size_bytes\":1052704}";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path etc;

    @Test
    void theNameAloneIsPrintedOnceTheSnapshotIsThere() {
        try (var service = new ScriptedService(201, RECORD)) {
            assertThat(run(service, "snapshot")).isZero();
            assertThat(out.toString()).isEqualTo(NAME + System.lineSeparator());
            assertThat(err.toString()).isEmpty();
            assertThat(service.last())
                    .isEqualTo(new ScriptedService.Request(
                            "POST", "/v1/snapshots?wait=10m", "application/json", "Bearer " + TOKEN, "{}"));
        }
    }

    @Test
    void allThatIsSaidAboutTheSnapshotIsAsked() {
        try (var service = new ScriptedService(201, RECORD)) {
            assertThat(run(service, "snapshot", "--reason", "1.4 \"upgrade\"", "--pin", "--local", "--timeout=1h"))
                    .isZero();
            assertThat(service.last())
                    .isEqualTo(new ScriptedService.Request(
                            "POST",
                            "/v1/snapshots?wait=1h",
                            "application/json",
                            "Bearer " + TOKEN,
                            "{\"reason\":\"1.4 \\\"upgrade\\\"\",\"pinned\":true,\"consistency\":\"local\"}"));
        }
    }

    @Test
    void withOffsiteItEndsWellOnlyWhenTheSnapshotIsCopiedToo() {
        try (var service = new ScriptedService(201, RECORD).copying(200, RECORD)) {
            assertThat(run(service, "snapshot", "--offsite", "--timeout=5m")).isZero();
            assertThat(out.toString()).isEqualTo(NAME + System.lineSeparator());
            assertThat(service.last())
                    .isEqualTo(new ScriptedService.Request(
                            "POST",
                            "/v1/snapshots/" + NAME + "/copy?wait=5m",
                            "application/json",
                            "Bearer " + TOKEN,
                            ""));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            502 | offsite_failed  | s3: no such bucket                  | The service tries again by itself
            409 | conflict        | no target is set: offsite.s3.bucket | Set offsite.s3.bucket or offsite.filesystem.path
            503 | request_timeout | not copied within 5m                | longer --timeout
            """)
    void theNameIsPrintedAlsoWhereTheCopyFails(int status, String code, String message, String fix) {
        try (var service = new ScriptedService(201, RECORD).copying(status, error(code, message, "{}"))) {
            assertThat(run(service, "snapshot", "--offsite")).isEqualTo(1);
            assertThat(out.toString()).isEqualTo(NAME + System.lineSeparator());
            assertThat(err.toString())
                    .startsWith("otherix-etcd-backup: the snapshot " + NAME
                            + " is there, but it is not copied off-site: " + code + ": " + message)
                    .contains(fix);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            502 | etcd_failed         | Check that etcd runs
            503 | no_quorum           | ask with --local
            507 | directory_failed    | Make room
            500 | verification_failed | Do not go on
            503 | shutting_down       | when the service is running
            409 | conflict            | Set workers.backup.dir
            500 | internal            | Check the service's log
            401 | unauthenticated     | Give the token that the service knows
            403 | permission_denied   | Give a token of scope operate
            """)
    void anErrorIsToldWithCodeMessageAndWhatToDo(int status, String code, String fix) {
        try (var service = new ScriptedService(status, error(code, "the message", "{}"))) {
            assertThat(run(service, "snapshot")).isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("otherix-etcd-backup: no snapshot: " + code + ": the message" + System.lineSeparator())
                    .contains(fix)
                    .doesNotContain("\tat ");
            assertThat(err.toString().lines()).hasSize(2);
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void aReasonThatNamesAFileIsTakenAsItIs() throws IOException {
        var file = Files.writeString(etc.resolve("file"), "--pin");
        try (var service = new ScriptedService(201, RECORD)) {
            assertThat(run(service, "snapshot", "--reason", "@" + file)).isZero();
            assertThat(service.last().body()).isEqualTo("{\"reason\":\"@" + file + "\"}");
        }
    }

    @Test
    void whoWaitedTooLongIsToldWhereTheRunCanBeFollowed() {
        try (var service =
                new ScriptedService(503, error("request_timeout", "not there after 1s", "{\"task_id\":\"7f\"}"))) {
            assertThat(run(service, "snapshot", "--timeout", "1s")).isEqualTo(1);
            assertThat(err.toString())
                    .contains("request_timeout: not there after 1s")
                    .contains("GET " + service.url() + "/v1/tasks/7f")
                    .contains("longer --timeout");
        }
    }

    @Test
    void aReasonThatIsTooLongIsRefusedBeforeTheServiceIsAsked() {
        try (var service = new ScriptedService(201, RECORD)) {
            assertThat(run(service, "snapshot", "--reason", "\uD83D\uDE00".repeat(201)))
                    .isEqualTo(2);
            assertThat(err.toString())
                    .contains("--reason")
                    .contains("it has 201 characters, and 200 at most are kept")
                    .contains("See otherix-etcd-backup snapshot --help.")
                    .doesNotContain("log");
            assertThat(service.last()).isNull();
            assertThat(run(service, "snapshot", "--reason", "\uD83D\uDE00".repeat(200)))
                    .isZero();
        }
    }

    @Test
    void theListenerForMonitoringIsRecognised() {
        try (var service = new ScriptedService(
                404,
                error("not_found", "this listener serves health and metrics only; the API is at api.listen", "{}"))) {
            assertThat(run(service, "snapshot")).isEqualTo(1);
            assertThat(err.toString())
                    .contains("no snapshot: not_found: this listener serves health and metrics only")
                    .contains("Give the service's api.listen as --api.listen=HOST:PORT: " + service.url()
                            + " is its monitoring.listen.")
                    .doesNotContain("otherix-etcd-backup list");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | {"name":"otherix-20260606T031500Z.db"}
            202 | {"task_id":"7f","status":"pending"}
            201 | {"name":"../etc/passwd"}
            201 | {}
            201 | []
            201 | ''
            404 | <html>not found</html>
            500 | {"error":"boom"}
            302 | ''
            """)
    void anyOtherAnswerIsNoSnapshot(int status, String answer) {
        try (var service = new ScriptedService(status, answer)) {
            assertThat(run(service, "snapshot")).isEqualTo(1);
            assertThat(err.toString())
                    .contains("the server at " + service.url() + " is not this service")
                    .contains("(status " + status + ")");
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void aServiceThatDoesNotRunIsSaidSoWithItsUrl() {
        var address = new ListenAddress("127.0.0.1", unusedPort());
        assertThat(run(Map.of(), "snapshot", "--api.listen=" + address)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("otherix-etcd-backup: nothing answers at http://" + address + ": is the service running?")
                .contains("--api.listen")
                .doesNotContain("\tat ");
    }

    @Test
    void aConnectionThatBreaksIsSaidSo() {
        try (var service = new ScriptedService(0, "")) {
            assertThat(run(service, "snapshot")).isEqualTo(1);
            assertThat(err.toString()).contains("the connection to " + service.url() + " broke");
        }
    }

    @Test
    void theServiceIsFoundWhereItsConfigurationSays() throws IOException {
        try (var service = new ScriptedService(201, RECORD)) {
            var file = Files.writeString(etc.resolve("other.yaml"), "api:\n  listen: " + service.address() + "\n");
            assertThat(run(Map.of(), "snapshot", "--config", file.toString())).isZero();
            assertThat(run(Map.of(), "snapshot", "--config=" + file)).isZero();
            assertThat(run(Map.of("OTHERIX_API__LISTEN", service.address().toString()), "snapshot"))
                    .isZero();
            Files.move(file, etc.resolve("backup.yaml"));
            assertThat(run(Map.of(), "snapshot")).isZero();
            var other = Files.writeString(etc.resolve("other.yaml"), "api:\n  listen: 127.0.0.1:1\n");
            assertThat(run(Map.of(), "snapshot", "--config", other.toString())).isEqualTo(1);
            assertThat(run(Map.of(), "snapshot", "--config", other.toString(), "--api.listen=" + service.address()))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "-1s", "61m", "5", "soon"})
    void aTimeoutIsADurationUpToAnHour(String timeout) {
        assertThat(run(Map.of(), "snapshot", "--timeout", timeout)).isEqualTo(2);
        assertThat(err.toString())
                .contains("--timeout")
                .contains("'" + timeout + "'")
                .contains("See otherix-etcd-backup snapshot --help.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --reason --pin        | --reason
            --reason              | --reason
            --reason=a --reason=b | --reason
            --pinned              | unknown option: --pinned. Did you mean --pin?
            --api.listn=a:1       | Did you mean api.listen?
            --api.listen          | api.listen has no value
            --api.listen=a        | api.listen = a is not host:port
            now                   | unknown argument: now
            --config /nowhere.yml | /nowhere.yml does not exist
            --api.listen=[::1]:0  | lets the system choose the port
            """)
    void badUsageIsToldAndNothingIsAsked(String args, String message) {
        var all = new ArrayList<>(List.of("snapshot"));
        all.addAll(List.of(args.split(" ")));
        assertThat(run(Map.of(), all.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("otherix-etcd-backup: ")
                .contains(message)
                .doesNotContain("\tat ");
        assertThat(err.toString().lines()).hasSizeBetween(2, 3);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aNameThatCannotBePrintedIsAFailureThatTellsTheName() {
        try (var service = new ScriptedService(201, RECORD)) {
            assertThat(run(service.address(), new FullDisk())).isEqualTo(1);
            assertThat(err.toString()).contains(NAME + " is there");
        }
    }

    @Test
    void withoutATokenNothingIsAskedAndTheFileIsNamed() throws IOException {
        try (var service = new ScriptedService(201, RECORD)) {
            var missing = etc.resolve("missing");
            assertThat(run(Map.of(), "snapshot", "--api.listen=" + service.address(), "--api.token_file=" + missing))
                    .isEqualTo(2);
            assertThat(err.toString())
                    .contains("no token to present: api.token_file = " + missing + " does not exist")
                    .contains("--api.token_file=FILE");
            var open = Files.setPosixFilePermissions(
                    PrivateFile.write(etc.resolve("open"), TOKEN), PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(run(Map.of(), "snapshot", "--api.listen=" + service.address(), "--api.token_file=" + open))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("mode 0644").doesNotContain(TOKEN);
            assertThat(service.last()).isNull();
        }
    }

    @Test
    void aServiceThatIsStartingIsWaitedFor() throws Exception {
        var token = etc.resolve("made-by-the-start");
        try (var service = new ScriptedService(201, RECORD)) {
            var waiting = new Service(service.address(), token, new TlsProperties(null, null, null));
            var told = new CountDownLatch(1);
            var errors = new PrintWriter(new StringWriter()) {
                @Override
                public void println(String line) {
                    err.append(line);
                    told.countDown();
                }
            };
            var command = Executors.newVirtualThreadPerTaskExecutor();
            try (command) {
                var code = command.submit(() -> new Commands(
                                _ -> waiting,
                                _ -> Optional.empty(),
                                new PrintWriter(out, true),
                                errors,
                                Duration.ofMinutes(1))
                        .run("snapshot"));
                assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
                PrivateFile.write(token, TOKEN);
                assertThat(code.get(30, TimeUnit.SECONDS)).isZero();
            }
        }
        assertThat(out.toString().strip()).isEqualTo(NAME);
        assertThat(err.toString()).contains("waiting up to 60s for the service at ");
    }

    @Test
    void aTokenThatTheServiceHasNotMadeIsToldFromOneThatThisUserMayNotRead() throws IOException {
        try (var service = new ScriptedService(201, RECORD)) {
            assertThat(run(
                            Map.of(),
                            "snapshot",
                            "--api.listen=" + service.address(),
                            "--api.token_file=" + etc.resolve("missing")))
                    .isEqualTo(2);
            assertThat(err.toString())
                    .contains("does not exist", "systemctl status otherix-etcd-backup")
                    .doesNotContain("sudo");
            err.getBuffer().setLength(0);
            var closed = PrivateFile.write(etc.resolve("closed"), TOKEN);
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
            assumeFalse(Files.isReadable(closed), "this user reads everything");
            assertThat(run(Map.of(), "snapshot", "--api.listen=" + service.address(), "--api.token_file=" + closed))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("is there, but ", "sudo").doesNotContain("does not exist");
        }
    }

    private int run(ScriptedService service, String... args) {
        return new Commands(
                        _ -> at(service.address()),
                        _ -> Optional.empty(),
                        new PrintWriter(out),
                        new PrintWriter(err),
                        Duration.ZERO)
                .run(args);
    }

    private int run(ListenAddress address, Writer printed) {
        return new Commands(
                        _ -> at(address),
                        _ -> Optional.empty(),
                        new PrintWriter(printed),
                        new PrintWriter(err),
                        Duration.ZERO)
                .run("snapshot");
    }

    private int run(Map<String, String> environment, String... args) {
        var all = new HashMap<>(environment);
        all.put("OTHERIX_API__TOKEN_FILE", tokenFile().toString());
        return new Commands(
                        arguments -> {
                            var settings = Settings.load(
                                    List.of(ApiProperties.class, AccessProperties.class, TlsProperties.class),
                                    arguments.toArray(String[]::new),
                                    all,
                                    etc);
                            return new Service(
                                    settings.bind(ApiProperties.class).listen(),
                                    settings.bind(AccessProperties.class).tokenFile(),
                                    settings.bind(TlsProperties.class));
                        },
                        _ -> Optional.empty(),
                        new PrintWriter(out),
                        new PrintWriter(err),
                        Duration.ZERO)
                .run(args);
    }

    private Service at(ListenAddress address) {
        return new Service(address, tokenFile(), new TlsProperties(null, null, null));
    }

    private Path tokenFile() {
        try {
            return PrivateFile.write(etc.resolve("api-token"), TOKEN + "\n");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static String error(String code, String message, String details) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"details\":" + details + "}}";
    }

    private static int unusedPort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Takes nothing. */
    private static final class FullDisk extends Writer {

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
    }
}
