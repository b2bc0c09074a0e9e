package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets; only a name server that hangs is made up. */
@Timeout(30)
class LivePeersTests {

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration TOGETHER = Duration.ofMillis(2_500);

    @Test
    void whatListensAnswersAndWhatIsClosedDoesNot() throws IOException {
        try (var open = listening()) {
            var closed = closedPort();
            var answers = new LivePeers().ask(List.of(url(closed), url(open.getLocalPort())));
            assertThat(answers).extracting(LivePeers.Answer::answers).containsExactly(false, true);
            assertThat(answers)
                    .extracting(LivePeers.Answer::detail)
                    .containsExactly("does not answer (Connection refused)", "answers");
        }
    }

    @Test
    void aMemberThatTakesNoConnectionIsGivenUpInTime() throws IOException {
        try (var open = listening();
                var full = new FullBacklog()) {
            var began = System.nanoTime();
            var urls = new ArrayList<>(Collections.nCopies(20, url(full.port())));
            urls.add(url(open.getLocalPort()));
            var answers = new LivePeers().ask(urls);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(TOGETHER);
            assertThat(answers.getFirst())
                    .isEqualTo(new LivePeers.Answer(url(full.port()), false, "has not answered within 2 s"));
            assertThat(answers.getLast().answers()).isTrue();
        }
    }

    @Test
    void aNameServerThatHangsHoldsUpNobody() throws IOException, InterruptedException {
        var never = new CountDownLatch(1);
        try (var open = listening()) {
            var hanging = new LivePeers(LivePeers.LIMIT, host -> {
                try {
                    if (host.startsWith("otherix-")) {
                        never.await();
                    }
                    return List.of(InetAddress.ofLiteral(host));
                } catch (InterruptedException ended) {
                    throw new IllegalStateException(ended);
                }
            });
            var urls = new ArrayList<>(IntStream.range(0, 20)
                    .mapToObj(i -> "https://otherix-" + i + ":2380")
                    .toList());
            urls.add(url(open.getLocalPort()));
            var began = System.nanoTime();
            var answers = hanging.ask(urls);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(TOGETHER);
            assertThat(answers.getFirst().detail()).isEqualTo("has a host name that was not resolved within 2 s");
            assertThat(answers.getLast().answers()).isTrue();
            assertThat(hanging.listensHere(PeerUrl.parse("https://otherix-0:2380")))
                    .isFalse();
        } finally {
            never.countDown();
        }
    }

    @Test
    void anUnknownNameAndATextThatIsNoUrlDoNotAnswer() {
        assertThat(new LivePeers().ask(List.of("https://no-such-host.invalid:2380", "10.0.0.11")))
                .containsExactly(
                        new LivePeers.Answer(
                                "https://no-such-host.invalid:2380", false, "has a host name that is not known here"),
                        new LivePeers.Answer("10.0.0.11", false, "is no URL such as https://10.0.0.11:2380"));
    }

    @Test
    void nobodyIsAskedNothing() {
        assertThat(new LivePeers().ask(List.of())).isEmpty();
    }

    @Test
    void aPortOfThisMachineIsTakenWhicheverOfItsAddressesIsNamed() throws IOException {
        try (var open = listening()) {
            var own = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> address instanceof Inet4Address)
                    .map(InetAddress::getHostAddress)
                    .toList();
            assertThat(own).contains("127.0.0.1");
            assertThat(own)
                    .allMatch(host ->
                            new LivePeers().listensHere(PeerUrl.parse("http://" + host + ":" + open.getLocalPort())));
            assertThat(new LivePeers().listensHere(PeerUrl.parse("http://localhost:" + open.getLocalPort())))
                    .isTrue();
        }
    }

    @Test
    void aFreePortAndAnotherMachineAreNotHere() throws IOException {
        assertThat(new LivePeers().listensHere(PeerUrl.parse(url(closedPort()))))
                .isFalse();
        try (var open = listening()) {
            // an address for documentation, RFC 5737
            assertThat(new LivePeers().listensHere(PeerUrl.parse("http://192.0.2.1:" + open.getLocalPort())))
                    .isFalse();
        }
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 50, LOOPBACK);
    }

    private static int closedPort() throws IOException {
        try (var socket = listening()) {
            return socket.getLocalPort();
        }
    }

    private static String url(int port) {
        return "https://127.0.0.1:" + port;
    }

    /** A socket that listens and takes no more connections: its kernel's queue is full. */
    private static final class FullBacklog implements AutoCloseable {

        private static final int MOST = 20;
        private static final int SILENCE = 200;

        private final ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
        private final List<Socket> waiting = new ArrayList<>();

        private FullBacklog() throws IOException {
            for (var taken = true; taken; ) {
                assertThat(waiting).hasSizeLessThan(MOST);
                var socket = new Socket();
                waiting.add(socket);
                taken = connects(socket);
            }
        }

        private boolean connects(Socket socket) throws IOException {
            try {
                socket.connect(new InetSocketAddress(LOOPBACK, port()), SILENCE);
                return true;
            } catch (SocketTimeoutException full) {
                return false;
            }
        }

        private int port() {
            return server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (var socket : waiting) {
                socket.close();
            }
            server.close();
        }
    }
}
