package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Standard output is a pipe, and who reads it stops. */
@Timeout(180)
class LogReaderIT {

    /** Far more lines than the pipe and the queue hold together. */
    private static final int REFUSALS = 6000;

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    @TempDir
    private Path temporary;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private FileChannel pipe;
    private JarProcess service;
    private String address;

    @BeforeEach
    void startAndStopReading() throws Exception {
        var fifo = temporary.resolve("log");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        // for writing too, so that it opens at once
        pipe = FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
        service = JarProcess.startWritingTo(
                fifo,
                PackagedService.arguments(
                        "http://127.0.0.1:9", temporary.resolve("snapshots"), "--workers.backup.enabled=false"));
        var start = readUntil("Started OtherixEtcdBackup in");
        var port = PORT.matcher(start);
        assertThat(port.find()).as(start).isTrue();
        address = "http://127.0.0.1:" + port.group(1);
    }

    @AfterEach
    void end() throws IOException {
        service.close();
        pipe.close();
        http.shutdownNow();
    }

    @Test
    void whoReadsTheLogMayStop() throws Exception {
        for (int i = 0; i < REFUSALS; i++) {
            assertThat(get("/v1/status").statusCode()).isEqualTo(401);
        }

        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        assertThat(dropped()).isPositive();

        readUntil(" lines of the audit log were dropped: nothing read them");
        var lost = dropped();
        get("/v1/status");
        readUntil("\"event\":\"refused\"");
        assertThat(dropped()).isEqualTo(lost);
    }

    @Test
    void aStopEndsAlthoughNobodyReadsTheLog() throws Exception {
        for (int i = 0; dropped() == 0; i++) {
            assertThat(i).isLessThan(REFUSALS);
            get("/v1/status");
        }

        service.terminate();

        assertThat(service.exitCode(Duration.ofSeconds(30))).isEqualTo(143);
    }

    private double dropped() throws Exception {
        return get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("otherix_backup_log_lines_dropped_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(address + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Reads the log up to {@code wanted}; the time limit of the test ends it where that never comes. */
    private String readUntil(String wanted) throws IOException {
        var text = new StringBuilder();
        var bytes = ByteBuffer.allocate(4096);
        while (text.indexOf(wanted) < 0) {
            pipe.read(bytes);
            text.append(StandardCharsets.UTF_8.decode(bytes.flip()));
            bytes.clear();
        }
        return text.toString();
    }
}
