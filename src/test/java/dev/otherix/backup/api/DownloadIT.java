package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /v1/snapshots/{name}/content}: the file as it is, whole or in part, whatever happens meanwhile. */
@NeedsEtcd
@AnyEtcd
class DownloadIT {

    private static EtcdProcess etcd;
    private static RunningService service;
    private static String name;

    @TempDir
    private static Path dir;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        // more than the buffers of both ends hold
        OtherixKeyspace.fill(etcd.clientUrl(), 24 << 20, 8192);
        service = RunningService.start(etcd.clientUrl(), dir);
        name = taken(service);
    }

    @AfterAll
    static void stop() {
        service.close();
        etcd.close();
    }

    private static String taken(RunningService service) {
        var answer = service.post("/v1/snapshots", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return RunningService.json(answer).get("name").asString();
    }

    private static HttpResponse<byte[]> download(String name, String... headers) throws Exception {
        return request("GET", name, headers);
    }

    private static HttpResponse<byte[]> request(String method, String name, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(service.url("/v1/snapshots/" + name + "/content"))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return service.http().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }

    private static String etag(String name) {
        return "\""
                + RunningService.json(service.get("/v1/snapshots/" + name))
                        .get("sha256")
                        .asString() + "\"";
    }

    private static byte[] file(String name) throws IOException {
        return Files.readAllBytes(dir.resolve(name));
    }

    @Test
    void theWholeFileComesByteForByteAndSaysWhatItIs() throws Exception {
        var answer = download(name);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(file(name));
        assertThat(header(answer, "ETag")).isEqualTo(etag(name));
        assertThat(header(answer, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(answer, "Content-Disposition")).isEqualTo("attachment; filename=\"" + name + "\"");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(answer, "Accept-Ranges")).isEqualTo("bytes");
        assertThat(header(request("HEAD", "latest"), "ETag")).isEqualTo(etag("latest"));
    }

    @Test
    void aHeadRequestTellsTheSameWithoutTheFile() throws Exception {
        var answer = request("HEAD", name);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "Content-Length")).isEqualTo(String.valueOf(Files.size(dir.resolve(name))));
        assertThat(header(answer, "ETag")).isEqualTo(etag(name));
    }

    @Test
    void rangesAreThePartsOfTheFile() throws Exception {
        var file = file(name);
        var size = file.length;
        assertPart(name, "bytes=0-0", Arrays.copyOfRange(file, 0, 1), "bytes 0-0/" + size);
        assertPart(
                name,
                "bytes=1000000-1999999",
                Arrays.copyOfRange(file, 1_000_000, 2_000_000),
                "bytes 1000000-1999999/" + size);
        assertPart(
                name,
                "bytes=" + (size - 7) + "-",
                Arrays.copyOfRange(file, size - 7, size),
                "bytes " + (size - 7) + "-" + (size - 1) + "/" + size);
        assertPart(
                name,
                "bytes=-32",
                Arrays.copyOfRange(file, size - 32, size),
                "bytes " + (size - 32) + "-" + (size - 1) + "/" + size);
        assertPart(name, "bytes=0-", file, "bytes 0-" + (size - 1) + "/" + size);
        assertPart(
                name, "bytes=5-999999999999", Arrays.copyOfRange(file, 5, size), "bytes 5-" + (size - 1) + "/" + size);
    }

    private static void assertPart(String name, String range, byte[] bytes, String contentRange) throws Exception {
        var answer = download(name, "Range", range);
        assertThat(answer.statusCode()).as(range).isEqualTo(206);
        assertThat(header(answer, "Content-Range")).isEqualTo(contentRange);
        assertThat(header(answer, "ETag")).isEqualTo(etag(name));
        assertThat(answer.body()).isEqualTo(bytes);
    }

    @Test
    void aRangeOutsideTheFileIs416() throws Exception {
        for (var range :
                new String[] {"bytes=999999999999-", "bytes=" + Files.size(dir.resolve(name)) + "-", "bytes=-0"}) {
            var answer = download(name, "Range", range);
            assertThat(answer.statusCode()).as(range).isEqualTo(416);
            assertThat(header(answer, "Content-Range")).isEqualTo("bytes */" + Files.size(dir.resolve(name)));
            assertThat(new String(answer.body())).contains("\"validation_failed\"");
        }
    }

    @Test
    void severalRangesAndNonsenseGetTheWholeFile() throws Exception {
        for (var range : new String[] {"bytes=0-1,4-5", "lines=1-2", "bytes=b-a", "bytes=9-2"}) {
            var answer = download(name, "Range", range);
            assertThat(answer.statusCode()).as(range).isEqualTo(200);
            assertThat(answer.body()).hasSize((int) Files.size(dir.resolve(name)));
        }
    }

    @Test
    void conditionsCompareTheEtag() throws Exception {
        var etag = etag(name);
        var unchanged = download(name, "If-None-Match", "\"other\", W/" + etag);
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(header(unchanged, "ETag")).isEqualTo(etag);
        assertThat(download(name, "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        assertThat(download(name, "If-Match", "\"other\"").statusCode()).isEqualTo(412);
        assertThat(download(name, "If-Match", etag).statusCode()).isEqualTo(200);
        assertThat(download(name, "If-Range", etag, "Range", "bytes=0-3").statusCode())
                .isEqualTo(206);
        assertThat(download(name, "If-Range", "\"other\"", "Range", "bytes=0-3").statusCode())
                .isEqualTo(200);
        assertThat(download(name, "If-Range", "\"other\"", "Range", "bytes=999999999999-")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFileThatNobodyHasCheckedHasNoEtag() throws Exception {
        var foreign = "otherix-20200102T030405Z.db";
        Files.write(dir.resolve(foreign), new byte[1000]);
        try {
            var answer = download(foreign, "If-None-Match", "null", "If-Range", "null");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(new byte[1000]);
            assertThat(header(answer, "ETag")).isNull();
            assertThat(download(foreign, "If-Match", "null").statusCode()).isEqualTo(412);
        } finally {
            Files.delete(dir.resolve(foreign));
        }
    }

    @Test
    void aDownloadThatHasBegunEndsWellThoughTheSnapshotIsDeletedMeanwhile() throws Exception {
        var doomed = taken(service);
        var file = file(doomed);
        taken(service);
        try (var slow = RawHttp.connect(service.url("/"))) {
            slow.send("GET /v1/snapshots/" + doomed + "/content HTTP/1.1\r\nHost: localhost\r\n"
                    + service.authorization() + "\r\n");
            assertThat(slow.head()).startsWith("HTTP/1.1 200");
            var begin = slow.read(1000);
            assertThat(service.send(HttpRequest.newBuilder(service.url("/v1/snapshots/" + doomed))
                                    .DELETE()
                                    .build())
                            .statusCode())
                    .isEqualTo(204);
            assertThat(dir.resolve(doomed)).doesNotExist();
            var rest = slow.read(file.length - 1000);
            assertThat(begin).isEqualTo(Arrays.copyOf(file, 1000));
            assertThat(rest).isEqualTo(Arrays.copyOfRange(file, 1000, file.length));
        }
        assertThat(download(doomed).statusCode()).isEqualTo(404);
    }

    @Test
    void aFileThatIsCutShortMeanwhileBreaksTheDownloadOff() throws Exception {
        var doomed = taken(service);
        taken(service);
        var size = Files.size(dir.resolve(doomed));
        try (var slow = RawHttp.connect(service.url("/"))) {
            slow.send("GET /v1/snapshots/" + doomed + "/content HTTP/1.1\r\nHost: localhost\r\n"
                    + service.authorization() + "\r\n");
            assertThat(slow.head()).startsWith("HTTP/1.1 200");
            slow.read(1000);
            try (var file = FileChannel.open(dir.resolve(doomed), StandardOpenOption.WRITE)) {
                file.truncate(size / 2);
            }
            // ends with the connection, not with a wait for the rest
            assertThat(slow.rest().length()).isLessThan((int) size - 1000);
        } finally {
            Files.delete(dir.resolve(doomed));
        }
    }

    @Test
    void aStopDoesNotWaitForASlowDownload(@TempDir Path ownDir) {
        var stopping = RunningService.start(etcd.clientUrl(), ownDir);
        var held = taken(stopping);
        try (var slow = RawHttp.connect(stopping.url("/"))) {
            slow.send("GET /v1/snapshots/" + held + "/content HTTP/1.1\r\nHost: localhost\r\n"
                    + stopping.authorization() + "\r\n");
            assertThat(slow.head()).startsWith("HTTP/1.1 200");
            var begin = System.nanoTime();
            stopping.close();
            var took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(took).isLessThan(Duration.ofSeconds(4));
        }
    }
}
