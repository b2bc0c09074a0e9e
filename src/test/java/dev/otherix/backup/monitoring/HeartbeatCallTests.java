package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.ReservedPort;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeartbeatCallTests {

    private static final String SECRET = "/5e1c0a3f-do-not-show";

    @TempDir
    private Path temporary;

    @Test
    void aCallIsOneGet() throws InterruptedException {
        try (var receiver = DeadManSwitch.start()) {
            assertThat(call(to(receiver.url(SECRET + "?x=1")))).isEmpty();
            assertThat(receiver.calls()).containsExactly("GET " + SECRET + "?x=1");
        }
    }

    @Test
    void itIsRepeatedTwiceAndThenGivenUp() throws InterruptedException {
        try (var receiver = DeadManSwitch.answering(() -> 500)) {
            assertThat(call(to(receiver.url(SECRET)))).hasValue("it answers 500");
            assertThat(receiver.calls()).hasSize(3);
        }
    }

    @Test
    void aTryThatWorksEndsIt() throws InterruptedException {
        var tries = new AtomicInteger();
        try (var receiver = DeadManSwitch.answering(() -> tries.incrementAndGet() == 1 ? 503 : 204)) {
            assertThat(call(to(receiver.url(SECRET)))).isEmpty();
            assertThat(receiver.calls()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"301", "302", "308"})
    void aRedirectIsNotFollowed(int status) throws InterruptedException {
        try (var receiver = DeadManSwitch.answering(() -> status)) {
            assertThat(call(to(receiver.url(SECRET))))
                    .hasValue("it answers " + status + ", which is a redirect: set the URL to which that leads");
            assertThat(receiver.calls()).hasSize(3).doesNotContain("GET /elsewhere");
        }
    }

    /** It takes the connection and says nothing, or says the half of an answer. */
    @ParameterizedTest
    @CsvSource(value = {"''", "'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'"})
    void aServerThatHangsIsLeft(String answer) throws Exception {
        try (var listener = listener()) {
            serve(listener, client -> {
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().flush();
            });
            var began = System.nanoTime();

            assertThat(call(to("http://127.0.0.1:" + listener.getLocalPort() + SECRET)))
                    .hasValue("no answer within 1 s");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(9));
        }
    }

    @Test
    void aResetIsToldWithoutTheUrl() throws Exception {
        try (var listener = listener()) {
            serve(listener, client -> {
                client.setSoLinger(true, 0);
                client.close();
            });

            assertThat(call(to("http://127.0.0.1:" + listener.getLocalPort() + SECRET)))
                    .hasValue("it refuses the connection, or breaks it off");
        }
    }

    @Test
    void nobodyThereIsToldWithoutTheUrl() throws InterruptedException {
        try (var port = ReservedPort.take()) {
            assertThat(call(to("http://127.0.0.1:" + port.number() + SECRET)))
                    .hasValue("it refuses the connection, or breaks it off");
        }
    }

    @Test
    void aNameWithoutAnAddressIsToldWithoutTheUrl() throws InterruptedException {
        assertThat(call(to("http://secret-name.invalid" + SECRET))).hasValue("the name of its host has no address");
    }

    @Test
    void itTrustsTheNamedCaAndNoOther() throws Exception {
        var certificates = TestCertificates.in(Files.createDirectory(temporary.resolve("ours")));
        try (var receiver = DeadManSwitch.withTls(certificates.server())) {
            assertThat(call(new HeartbeatProperties(receiver.url(SECRET), null, null, null, certificates.ca())))
                    .isEmpty();
            assertThat(call(to(receiver.url(SECRET))).orElseThrow())
                    .startsWith("its certificate is not trusted")
                    .doesNotContain("do-not-show");
        }
    }

    @Test
    void itGoesThroughTheProxy() throws Exception {
        try (var proxy = DeadManSwitch.start()) {
            var settings = new HeartbeatProperties("http://hc.invalid" + SECRET, null, null, proxy.url(""), null);

            assertThat(call(settings)).isEmpty();
            assertThat(proxy.calls()).containsExactly("GET http://hc.invalid" + SECRET);
        }
    }

    @Test
    void theFileWithTheUrlIsReadEachTime() throws Exception {
        var file = Files.createFile(
                temporary.resolve("url"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var receiver = DeadManSwitch.start()) {
            Files.writeString(file, receiver.url("/old") + "\n");
            var settings = new HeartbeatProperties(null, null, file, null, null);
            Files.writeString(file, receiver.url("/new"));
            assertThat(call(settings)).isEmpty();
            assertThat(receiver.calls()).containsExactly("GET /new");

            Files.writeString(file, "not a url " + SECRET);
            assertThat(call(settings).orElseThrow())
                    .startsWith("heartbeat.url_file holds no http or https URL")
                    .doesNotContain("do-not-show");
        }
    }

    private static HeartbeatProperties to(String url) {
        return new HeartbeatProperties(url, null, null, null, null);
    }

    private static Optional<String> call(HeartbeatProperties settings) throws InterruptedException {
        return new HeartbeatCall(settings, List.of(Duration.ZERO, Duration.ZERO), Duration.ofSeconds(1))
                .of(settings.afterSuccess().orElseThrow());
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
    }

    private interface Behaviour {
        void with(Socket client) throws IOException;
    }

    /** Connections stay open until the listener is closed, unless the behaviour closes them. */
    private static void serve(ServerSocket listener, Behaviour behaviour) {
        Thread.ofVirtual().start(() -> {
            @Nullable Socket open = null;
            try {
                while (true) {
                    open = listener.accept();
                    behaviour.with(open);
                }
            } catch (IOException closed) {
                assertThat(open).isNotNull();
            }
        });
    }
}
