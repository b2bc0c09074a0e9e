package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.offsite.StorePlace;
import dev.otherix.backup.offsite.store.FilesystemStore;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.snapshot.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a running service go through it; when it does not run, its copies stay. */
@NeedsEtcd
@AnyEtcd
class OffsiteDeleteIT {

    private static final String RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    @TempDir
    private Path temporary;

    private EtcdProcess etcd;
    private RunningService service;
    private Path target;
    private Path snapshots;
    private URI url;
    private Path tokenFile;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        etcd = EtcdProcess.start(EtcdHomes.first());
        etcd.etcdctl("put", "/otherix/some", "value");
        target = Files.createDirectory(temporary.resolve("target"));
        Files.createFile(target.resolve(FilesystemStore.MARK));
        snapshots = temporary.resolve("snapshots");
        service = RunningService.start(
                etcd.clientUrl(),
                snapshots,
                "--offsite.filesystem.path=" + target,
                "--offsite.recipients=" + RECIPIENT,
                "--offsite.check_interval=0");
        url = service.url("");
        tokenFile = Files.copy(
                service.tokenFile(), temporary.resolve("token"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }

    @AfterEach
    void stop() {
        service.close();
        etcd.close();
    }

    private String copied() {
        var name = RunningService.json(service.post("/v1/snapshots", "{}"))
                .path("name")
                .asString();
        assertThat(service.post("/v1/snapshots/" + name + "/copy", "").statusCode())
                .isEqualTo(200);
        return name;
    }

    private int delete(String... args) {
        out = new StringWriter();
        err = new StringWriter();
        var place = new StorePlace(
                Target.FILESYSTEM,
                "otherix-etcd-backup",
                Optional.empty(),
                List.of(),
                List.of(),
                () -> FilesystemStore.open(target));
        return new Commands(
                        _ -> new Service(
                                new ListenAddress(url.getHost(), url.getPort()),
                                tokenFile,
                                new TlsProperties(null, null, null)),
                        _ -> Optional.of(snapshots),
                        Commands::noMember,
                        new OffsitePlaces(
                                _ -> List.of(place),
                                from -> {
                                    throw new AssertionError(from);
                                },
                                InputStream.nullInputStream()),
                        new Commands.Printed(
                                new PrintWriter(out, true),
                                new PrintWriter(err, true),
                                OutputStream.nullOutputStream()),
                        Duration.ofSeconds(1))
                .run(Stream.concat(Stream.of("offsite", "delete"), Stream.of(args))
                        .toArray(String[]::new));
    }

    private String state(String name) {
        return RunningService.json(service.get("/v1/snapshots/" + name))
                .at("/copies/0/state")
                .asString();
    }

    private List<String> there() throws IOException {
        try (var files = Files.walk(target)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("otherix-2"))
                    .toList();
        }
    }

    @Test
    void theServiceRemovesItsOwnAndNotesItAndItsPinsDecide() throws IOException {
        var older = copied();
        var pinned = copied();
        var newest = copied();
        service.send(java.net.http.HttpRequest.newBuilder(service.url("/v1/snapshots/" + pinned))
                .header("Content-Type", "application/json")
                .method("PATCH", java.net.http.HttpRequest.BodyPublishers.ofString("{\"pinned\": true}"))
                .build());

        assertThat(delete(older, pinned, newest, "--yes")).isOne();

        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains("removed      ")
                .containsPattern("stays .*" + pinned + " .* it is pinned")
                .containsPattern("stays .*" + newest + " .* it is the newest proven copy");
        assertThat(state(older)).isEqualTo("removed");
        assertThat(state(pinned)).isEqualTo("copied");
        assertThat(state(newest)).isEqualTo("copied");
        assertThat(there()).hasSize(4);

        assertThat(delete(pinned, newest, "--include-last", "--yes")).isZero();
        assertThat(state(newest)).isEqualTo("removed");
        assertThat(there()).isEmpty();
    }

    @Test
    void withoutTheServiceItsCopiesStayAndItIsSaidWhy() throws IOException {
        var older = copied();
        copied();
        service.close();

        assertThat(delete(older, "--yes")).isOne();

        assertThat(err.toString()).contains("nothing answers at", "offsite_missing", "--from");
        assertThat(there()).hasSize(4);
    }
}
