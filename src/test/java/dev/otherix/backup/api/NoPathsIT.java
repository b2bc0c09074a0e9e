package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.FuseDisk;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realetcd.TestCertificates;
import dev.otherix.backup.realetcd.Tmpfs;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever fails, no answer holds a path of this host: not that of the directory, its real one, or those of the files
 * that settings name. Only the status and health's details show the directory.
 */
@NeedsEtcd
@AnyEtcd
class NoPathsIT {

    private static EtcdProcess etcd;

    @TempDir
    private Path parent;

    @TempDir
    private Path files;

    private Path dir;
    private Path used;
    private Path caFile;
    private String first = "latest";
    private final List<Path> hidden = new ArrayList<>();

    @BeforeAll
    static void startEtcd() {
        etcd = EtcdProcess.start(EtcdHomes.first());
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    /** Behind a link, so that its real path is another. */
    @BeforeEach
    void prepare() throws IOException {
        var real = Files.createDirectory(parent.resolve("real"));
        dir = Files.createSymbolicLink(parent.resolve("link"), real).resolve("snapshots");
        caFile = files.resolve("cluster-ca.crt");
        hidden.addAll(List.of(parent, files));
    }

    private interface Trouble {

        /** Makes it; what it returns is closed at the end. */
        AutoCloseable in(NoPathsIT test, Path snapshot) throws IOException;
    }

    private static Arguments trouble(String name, String answer, Trouble trouble) {
        return Arguments.of(Named.of(name, trouble), answer);
    }

    private static final AutoCloseable NOTHING = () -> {};

    static Stream<Arguments> noAnswerHoldsAPath() {
        return Stream.of(
                trouble("removed", "listing the snapshot directory: it does not exist", (test, _) -> {
                    Files.move(test.dir, test.parent.resolve("away"));
                    return NOTHING;
                }),
                trouble("replaced", "the snapshot directory was replaced", (test, _) -> {
                    Files.move(test.dir, test.parent.resolve("away"));
                    Files.createDirectory(test.dir);
                    return NOTHING;
                }),
                trouble("replaced by a file", "directory_failed", (test, _) -> {
                    Files.move(test.dir, test.parent.resolve("away"));
                    Files.createFile(test.dir);
                    return NOTHING;
                }),
                trouble("locked by another", "works in the snapshot directory", (test, _) -> {
                    Files.delete(test.dir.resolve(".otherix-etcd-backup.lock"));
                    return SnapshotDirectory.open(test.dir, 0L);
                }),
                trouble("damaged file", "is not a good snapshot", (_, snapshot) -> {
                    try (var file = Files.newByteChannel(snapshot, StandardOpenOption.WRITE)) {
                        file.truncate(file.size() - 1);
                    }
                    return NOTHING;
                }),
                trouble("file replaced by a link", "there is no snapshot with this name", (test, snapshot) -> {
                    Files.delete(snapshot);
                    Files.createSymbolicLink(snapshot, test.files.resolve("nothing"));
                    return NOTHING;
                }),
                trouble("damaged record", "\"damaged_record\"", (_, snapshot) -> {
                    Files.writeString(record(snapshot), "{");
                    return NOTHING;
                }),
                trouble("state file replaced by a directory", "\"outcome\":\"success\"", (test, _) -> {
                    var state = test.dir.resolve(".otherix-etcd-backup.state");
                    Files.deleteIfExists(state);
                    Files.createDirectory(state);
                    return NOTHING;
                }),
                trouble("CA file gone", "the file of cluster_ca.cert_file does not exist", (_, _) -> NOTHING),
                trouble("CA file is a directory", "the file of cluster_ca.cert_file cannot be read", (test, _) -> {
                    Files.createDirectory(test.caFile);
                    return NOTHING;
                }),
                trouble("CA file is none", "the file of cluster_ca.cert_file cannot be read", (test, _) -> {
                    Files.writeString(test.caFile, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
                    return NOTHING;
                }));
    }

    @ParameterizedTest
    @MethodSource
    void noAnswerHoldsAPath(Trouble trouble, String answer) throws Exception {
        try (var service = start(dir);
                var _ = trouble.in(this, taken(service))) {
            assertThat(String.join("\n", answers(service))).contains(answer);
        }
    }

    @Test
    void norOfADirectoryThatMayNotBeWritten() throws Exception {
        try (var service = start(dir)) {
            taken(service);
            mode(dir, "r-x------");
            try {
                assumeFalse(Files.isWritable(dir), "this user writes everywhere");
                assertThat(String.join("\n", answers(service)))
                        .contains("creating .otherix-", "writing the record of " + first + ": not permitted (");
            } finally {
                mode(dir, "rwx------");
            }
        }
    }

    @Test
    void norOfARecordThatMayNotBeRead() throws Exception {
        try (var service = start(dir)) {
            var record = record(taken(service));
            mode(record, "---------");
            assumeFalse(Files.isReadable(record), "this user reads everything");
            assertThat(String.join("\n", answers(service)))
                    .contains("cannot read " + record.getFileName() + ": permission denied");
        }
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    @Test
    @NeedsTmpfs
    void norOfOneThatIsFull() throws Exception {
        try (var disk = Tmpfs.mount(4);
                var service = start(disk.directory().resolve("snapshots"))) {
            hidden.add(disk.directory());
            taken(service);
            fill(disk.directory().resolve("filler"));
            assertThat(String.join("\n", answers(service)))
                    .contains("not enough space in the snapshot directory", ": no space left on the device");
        }
    }

    @Test
    @NeedsRoot
    @NeedsProgram({"bindfs", "umount"})
    void norOfOneThatHangs() throws Exception {
        try (var disk = FuseDisk.mount()) {
            hidden.add(disk.directory());
            try (var service = start(disk.directory().resolve("snapshots"), "--stream.stall_timeout=2s")) {
                taken(service);
                disk.stop();
                try {
                    assertThat(String.join("\n", answers(service))).contains("the disk has not answered for ");
                } finally {
                    disk.resume();
                }
            }
        }
    }

    @Test
    void norOfAFileThatTheConnectionToEtcdNeeds() throws Exception {
        var certificates = TestCertificates.in(files);
        var client = certificates.client("backup");
        var password = PrivateFile.write(files.resolve("password"), "secret");
        var needed = Map.of(
                "etcd.ca_file", certificates.ca(),
                "etcd.cert_file", client.certificate(),
                "etcd.key_file", client.key(),
                "etcd.password_file", password);
        var settings = new ArrayList<>(List.of("--etcd.client_url=https://127.0.0.1:9", "--etcd.username=root"));
        needed.forEach((key, file) -> settings.add("--" + key + "=" + file));
        try (var service = start(dir, settings.toArray(String[]::new))) {
            for (var each : needed.entrySet()) {
                var file = each.getValue();
                var whole = Files.move(file, file.resolveSibling("whole"));
                assertRefused(service, each.getKey() + " does not exist");
                Files.createSymbolicLink(file, file.resolveSibling("nothing"));
                assertRefused(service, each.getKey() + " is a link to a file that does not exist");
                Files.delete(file);
                Files.createDirectory(file);
                assertRefused(service, each.getKey() + " is a directory");
                Files.delete(file);
                Files.move(whole, file);
            }
            assertThat(service.post("/v1/snapshots", "{}").body()).contains("cannot reach etcd");
        }
    }

    private void assertRefused(RunningService service, String why) {
        assertThat(service.post("/v1/snapshots", "{}").body()).contains("\"etcd_failed\"", why);
        assertThat(answers(service))
                .anySatisfy(answer -> assertThat(answer)
                        .startsWith("GET /actuator/health/backup")
                        .contains(why));
    }

    private RunningService start(Path directory, String... more) {
        var settings = new ArrayList<>(
                List.of("--cluster_ca.cert_file=" + caFile, "--directory.reserve=1B", "--workers.backup.retention=1"));
        settings.addAll(List.of(more));
        var service = RunningService.start(etcd.clientUrl(), directory, settings.toArray(String[]::new));
        used = directory;
        hidden.add(service.tokenFile());
        return service;
    }

    /** The file of the service's first snapshot. */
    private Path taken(RunningService service) {
        var taken = service.post("/v1/snapshots", "{}");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        first = RunningService.json(taken).get("name").asString();
        return used.resolve(first);
    }

    private static Path record(Path snapshot) {
        return snapshot.resolveSibling(snapshot.getFileName().toString().replaceFirst("[.]db$", ".json"));
    }

    private static void fill(Path filler) throws IOException {
        try (var file = Files.newOutputStream(filler)) {
            while (true) {
                file.write(new byte[4096]);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** What a caller is told of everything that it can ask, each without a path. */
    private List<String> answers(RunningService service) {
        var answers = new ArrayList<String>();
        for (var name : Stream.of("latest", first).distinct().toList()) {
            var snapshot = "/v1/snapshots/" + name;
            answers.add(answer(service, "GET", snapshot, ""));
            answers.add(answer(service, "GET", snapshot + "/content", ""));
            answers.add(answer(service, "POST", snapshot + "/verify", ""));
            answers.add(answer(service, "PATCH", snapshot, "{\"pinned\":true}"));
            answers.add(answer(service, "PATCH", snapshot, "{\"pinned\":false}"));
        }
        answers.add(answer(service, "POST", "/v1/snapshots", "{}"));
        answers.add(answer(service, "DELETE", "/v1/snapshots/" + first, ""));
        answers.add(answer(service, "DELETE", "/v1/snapshots?lineage=" + first, ""));
        for (var path : List.of(
                "/v1/snapshots",
                "/v1/tasks",
                "/v1/status",
                "/readyz",
                "/healthz",
                "/actuator/health",
                "/actuator/health/backup",
                "/actuator/prometheus")) {
            answers.add(answer(service, "GET", path, ""));
        }
        return answers;
    }

    private String answer(RunningService service, String method, String path, String body) {
        var answer = service.send(HttpRequest.newBuilder(service.url(path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build());
        var text = method + " " + path + ": " + answer.statusCode() + " "
                + answer.headers().map() + " " + answer.body();
        var shows = path.equals("/v1/status") || path.startsWith("/actuator/health");
        assertThat(shows ? text.replace(used.toString(), "DIR") : text)
                .doesNotContain(hidden.stream().map(Path::toString).toList());
        return text;
    }
}
